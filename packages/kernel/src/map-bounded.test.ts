import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mapBounded } from './map-bounded.ts';

test('a bounded map keeps order, never exceeds its bound and visits everything once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(5)), fc.integer({ min: 1, max: 8 }), async (turns, concurrency) => {
      let under_way = 0;
      let most = 0;
      const outputs = await mapBounded(turns, concurrency, async (count, index) => {
        most = Math.max(most, ++under_way);
        for (let turn = 0; turn < count; turn++) await undefined;
        under_way--;
        return `${index}:${count}`;
      });
      assert.deepEqual(
        outputs,
        turns.map((count, index) => `${index}:${count}`),
      );
      assert.ok(most <= concurrency);
    }),
    { numRuns: 50 },
  );
});

test('a bounded map fails with the first failure and starts nothing more in that run', async () => {
  const started: number[] = [];
  await assert.rejects(
    mapBounded([1, 2, 3, 4], 1, async (input) => {
      started.push(input);
      if (input === 2) throw new Error('two');
      return input;
    }),
    /two/,
  );
  assert.deepEqual(started, [1, 2]);
});
