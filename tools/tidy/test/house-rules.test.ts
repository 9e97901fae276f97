import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rules } from '../src/rules/index.ts';
import { metricsCatalogued } from '../src/rules/metrics.ts';
import { privateWords } from '../src/rules/private-words.ts';
import { standardTerms } from '../src/rules/standard-terms.ts';
import { readSources } from '../src/source-file.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const planted = fileURLToPath(new URL('../violations/tidy/', import.meta.url));
const files_min = 60;

describe('the repository keeps the house rules', async () => {
  const files = await readSources(root);

  test('enough files were read to mean something', () => {
    assert.ok(files.length >= files_min, `${files.length} files were read, at least ${files_min} are expected`);
  });

  for (const rule of rules) {
    test(rule.name, () => {
      const found = rule.check(files).map((violation) => `${violation.path}:${violation.line} ${violation.message}`);
      assert.equal(found.length, 0, `\n${found.join('\n')}\n`);
    });
  }
});

describe('each house rule refuses the violation planted for it', () => {
  for (const rule of rules) {
    test(rule.name, async () => {
      const found = rule.check(await readSources(`${planted}${rule.name}`));
      assert.notEqual(found.length, 0, `violations/tidy/${rule.name} passed`);
    });
  }

  test('metrics-catalogued looks both ways', async () => {
    const found = metricsCatalogued.check(await readSources(`${planted}metrics-catalogued`)).map(({ message }) => message);
    assert.match(found.join('\n'), /^souk_orders_placed_quietly_total is in no catalogue.*\nno code reports souk_orders_forgotten_total/);
    assert.equal(found.length, 2);
  });

  test('standard-terms refuses each private word and names the term of the field', async () => {
    const found = standardTerms.check(await readSources(`${planted}standard-terms`)).map(({ message }) => message);
    const passed = privateWords.filter(
      ({ name, text, instead }) => !found.some((message) => message.startsWith(`"${name ?? text}" `) && message.endsWith(instead)),
    );
    assert.deepEqual(passed, []);
  });

  test('standard-terms reads the comments of what ships, but not the code they quote', async () => {
    const found = standardTerms.check(await readSources(`${planted}standard-terms`)).filter(({ path }) => path.endsWith('/comments.ts'));
    assert.deepEqual(
      found.map(({ message }) => message.slice(0, message.indexOf(' in '))),
      ['"stray"', '"given up"'],
    );
  });

  test('no violation is planted for a rule that is gone', async () => {
    const names = rules.map((rule) => rule.name).sort();
    assert.deepEqual((await readdir(planted)).sort(), names);
  });
});
