import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GivenOptions, readOptions, type SimulateOptions } from './options.ts';

const read = (given: Partial<GivenOptions> = {}): SimulateOptions => readOptions({ orders: 4, faults: 6, ...given });

test('without words a hundred seeds are run, with a seed that one', () => {
  assert.deepEqual([read().seed, read().seeds], [1, 100]);
  assert.equal(read({ seed: 7 }).seeds, 1);
  assert.equal(read({ seed: 7, seeds: 3 }).seeds, 3);
});

test('no more processes are started than there are seeds', () => {
  assert.equal(read({ seeds: 2, workers: 8 }).workers, 2);
});

for (const [given, sentence] of [
  [{ seed: 2_147_483_647, seeds: 2 }, /beyond the last seed/],
  [{ sabotage: 'gravity' }, /^--sabotage "gravity" is unknown; there are no-guard, /],
  [{ trace: true, seeds: 2 }, /^--trace prints one seed/],
] as const)
  test(`refused: ${JSON.stringify(given)}`, () => {
    assert.throws(() => read(given), { code: 'validation_failed', message: sentence });
  });
