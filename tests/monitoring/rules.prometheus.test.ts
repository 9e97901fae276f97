/** promtool's own judgement of configuration and rules, and the rules' unit tests: each alert fires, and keeps still. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { required } from '@souk/kernel';
import { parse } from 'yaml';
import { alerts, prometheusFolder } from './_committed.ts';
import { findProgram, promtool } from './_prometheus.ts';

const program = required(await findProgram('promtool'), 'promtool in the PATH');
const paths = async (folder: string): Promise<string[]> =>
  (await readdir(new URL(folder, prometheusFolder)))
    .filter((file) => file.endsWith('.yml'))
    .sort()
    .map((file) => fileURLToPath(new URL(`${folder}${file}`, prometheusFolder)));

interface RuleTest {
  promql_expr_test: { expr: string; exp_samples: unknown[] }[];
}

test('every configuration is one that Prometheus takes, rules included', async () => {
  const configurations = await paths('./');
  assert.equal(configurations.length, 3);
  // Without the files that only exist where it runs: the token.
  for (const path of configurations) await promtool(program, 'check', 'config', '--syntax-only', path);
  await promtool(program, 'check', 'rules', ...(await paths('rules/')));
});

test('the unit tests of the rules pass', async () => {
  const printed = await promtool(program, 'test', 'rules', ...(await paths('tests/')));
  assert.equal([...printed.matchAll(/SUCCESS/g)].length, (await paths('tests/')).length);
});

test('each alert fires in a unit test, after a time when it does not', async () => {
  const cases = (
    await Promise.all((await paths('tests/')).map(async (path) => (parse(await readFile(path, 'utf8')) as { tests: RuleTest[] }).tests))
  ).flat();
  const namesWhere = (fires: boolean): Set<string> =>
    new Set(
      cases.flatMap(({ promql_expr_test }) =>
        promql_expr_test
          .filter(({ exp_samples }) => exp_samples.length > 0 === fires)
          .map(({ expr }) => /alertname="(\w+)"/.exec(expr)?.[1] ?? ''),
      ),
    );
  const names = (await alerts()).map(({ alert }) => alert).sort();
  assert.deepEqual([...namesWhere(true)].sort(), names);
  assert.deepEqual([...namesWhere(false)].sort(), names);
});
