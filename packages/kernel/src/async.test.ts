import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backoffMs, mapBounded, pause } from './async.ts';

test('a pause ends early, and without an error, when its signal says so', async () => {
  const ending = new AbortController();
  const long = pause(3_600_000, ending.signal);
  ending.abort();
  await long;
  await pause(3_600_000, ending.signal);
  await pause(0);
});

test('a pause leaves nothing behind on a signal that lives long', async () => {
  const signal = new AbortController().signal;
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners += 1;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners -= 1;
    removeEventListener.apply(signal, args);
  };
  for (let count = 0; count < 20; count++) await pause(0, signal);
  assert.equal(listeners, 0);
});

test('back-off grows, is never zero and never above its most', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000),
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 600_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, first_ms, most_ms, chance) => {
        const wait_ms = backoffMs(attempt, first_ms, most_ms, () => chance);
        const ceiling_ms = Math.min(most_ms, first_ms * 2 ** Math.min(attempt, 30));
        assert.ok(
          Number.isInteger(wait_ms) && wait_ms >= 1 && wait_ms <= Math.max(1, ceiling_ms) && wait_ms >= ceiling_ms / 2,
          String(wait_ms),
        );
      },
    ),
  );
  assert.deepEqual(
    [0, 1, 2, 3, 9].map((attempt) => backoffMs(attempt, 100, 1_000, () => 0)),
    [50, 100, 200, 400, 500],
  );
});

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

test('a bounded map fails with the first failure and starts nothing more in that lane', async () => {
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
