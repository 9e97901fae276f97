/** A handful of mutants, run as `npm run mutate` runs them: each is told apart from the others. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Mutant } from '../src/mutant.ts';
import { reportLines, reportOf } from '../src/report.ts';
import { type Judged, runMutants, UnusableTestsError } from '../src/run-mutants.ts';
import { rootFolder } from '../src/run-stage.ts';

const file = 'tools/mutation/test/_limit.ts';
const cases = ['tools/mutation/test/_limit-cases.ts'];
const mutantOf = (name: string, from: string, to: string, stages: Mutant['stages'] = [cases]): Mutant => ({
  kind: 'protection',
  name,
  edit: { file, from, to },
  stages,
});
const killed = mutantOf('the limit is not reached', 'count <= limit', 'count < limit');
const survivor = mutantOf('another label', "'many'", "'several'");
const endless = mutantOf('it never ends', 'steps += 1;', 'steps += 0;');

function run(mutants: readonly Mutant[]): Promise<Judged[]> {
  return runMutants(mutants, {
    jobs: 2,
    limit_margin_ms: 1_500,
    server: () => Promise.resolve({}),
    signal: new AbortController().signal,
    onJudged: () => undefined,
  });
}

test('a mutant that a test notices is killed, one that none notices survives, one that never ends is ended', async () => {
  const before = await readFile(join(rootFolder, file), 'utf8');
  const judged = await run([killed, survivor, endless]);
  assert.deepEqual(
    judged.map(({ fate, by }) => [fate, by]),
    [
      ['killed', 'the limit may be reached, not passed'],
      ['survived', ''],
      ['timed_out', cases[0]],
    ],
  );
  assert.equal(await readFile(join(rootFolder, file), 'utf8'), before, 'nothing on the disk is changed');

  const listed = [{ file, mutants: [survivor.name, killed.name], reason: 'nothing depends on the word' }];
  const unlisted = reportOf(judged, [], 1);
  assert.equal(unlisted.ok, false);
  assert.ok(reportLines(unlisted).some((line) => line.includes('WITHOUT A REASON') && line.includes(survivor.name)));
  const report = reportOf(judged, listed, 1);
  assert.deepEqual(
    [report.protections.killed, report.protections.timed_out, report.protections.survived, report.protections.listed],
    [1, 1, 1, 1],
  );
  assert.equal(report.ok, false, 'two of three are less than 90 %');
  assert.deepEqual(report.stale, [{ file, mutant: killed.name }]);
  assert.ok(reportLines(report).some((line) => line.includes('killed now') && line.includes(killed.name)));
});

test('mutants of pure decisions share a process, and each is judged as if it had its own', async () => {
  const decision = (from: string, to: string): Mutant => ({
    kind: 'decision',
    name: from,
    edit: { file: 'services/inventory/src/domain/reservation.ts', from, to },
    stages: [['services/inventory/src/domain/reservation.test.ts']],
  });
  const released = decision("if (status === 'held') return 'release';", "if (status === 'held') return 'nothing';");
  const same = decision("if (status === 'held') return 'release';", "if ('held' === status) return 'release';");
  const stuck = decision("if (status === 'held') return 'release';", 'for (;;);');
  const broken = decision("if (status === 'held') return 'release';", 'throw new RangeError();');
  const ended = decision("if (status === 'held') return 'release';", 'process.exit(0);');
  const judged = await run([same, released, stuck, broken, ended, same, released]);
  assert.deepEqual(
    judged.map(({ fate }) => fate),
    ['survived', 'killed', 'timed_out', 'killed', 'killed', 'survived', 'killed'],
  );
});

test('a share of 90 % is enough when each survivor has a reason', () => {
  const fates = [...Array.from({ length: 9 }, () => killed), survivor];
  const judged = fates.map((mutant): Judged => ({ mutant, fate: mutant === survivor ? 'survived' : 'killed', by: '', took_ms: 1 }));
  assert.equal(reportOf(judged, [{ file, mutants: [survivor.name], reason: 'nothing depends on the word' }], 1).ok, true);
  assert.equal(reportOf(judged, [], 1).ok, false);
  assert.equal(reportOf(judged.slice(1), [{ file, mutants: [survivor.name], reason: 'nothing depends on the word' }], 1).ok, false);
});

test('tests that do not load the file, or fail without a mutant, judge nothing', async () => {
  const unrelated = mutantOf('unrelated', 'count <= limit', 'count < limit', [['packages/kernel/src/batcher.test.ts']]);
  await assert.rejects(run([unrelated]), UnusableTestsError);
  const failing = mutantOf('failing', 'count <= limit', 'count < limit', [['tools/mutation/test/_absent.ts']]);
  await assert.rejects(run([failing]), UnusableTestsError);
});

test('a mutant whose text is not there is no mutant', async () => {
  const [judged] = await run([mutantOf('gone', 'a text that is not there', '')]).catch((error: unknown) => [error]);
  assert.ok(judged instanceof UnusableTestsError);
});
