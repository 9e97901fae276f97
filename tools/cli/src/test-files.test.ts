import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inOrder, isUnitTest } from './test-files.ts';

const imports =
  "import assert from 'node:assert/strict';\nimport { describe, test } from 'node:test';\nimport { total } from './total.ts';\n";

test('files that start shops come before those that do not, however node:test sorts them', () => {
  const names = inOrder(['packages/kernel/test/one.test.ts', 'tests/journeys/two.test.ts', 'apps/storefront/test/three.test.ts']);
  assert.deepEqual(names, names.toSorted());
  assert.deepEqual(
    names.map((name) => /(one|two|three)\.test\.ts$/.exec(name)?.[1]),
    ['two', 'three', 'one'],
  );
});

test('only tests beside their source that touch nothing of the process run together', () => {
  const file = 'services/orders/src/domain/total.test.ts';
  assert.equal(isUnitTest(file, `${imports}test('adds', () => assert.equal(total([1]), 1));\n`), true);
  assert.equal(isUnitTest('services/orders/test/total.test.ts', imports), false);
  const outward = [
    "import { readFile } from 'node:fs/promises';",
    "import { freshDatabase } from '@souk/postgres/testing';",
    'after(() => undefined);',
    "test('a clock', ({ mock }) => mock.timers.enable());",
    "process.on('exit', () => undefined);",
    'globalThis.fetch = undefined;',
  ];
  for (const line of outward) assert.equal(isUnitTest(file, `${imports}${line}\n`), false, line);
});
