import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backoffMs, keepRunning, retry } from './retry.ts';

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

const quick = { first_ms: 1, most_ms: 1 };

/** Work that fails so many times, each time with its number, and then answers. */
function failing(times: number) {
  let calls = 0;
  return async (): Promise<string> => {
    calls += 1;
    if (calls <= times) throw new Error(`failure ${calls}`);
    return `done at call ${calls}`;
  };
}

test('a retry answers what the first success answers, and tells of each failure before it', async () => {
  const reported: [string, number][] = [];
  const failed = (error: unknown, attempt: number): void => void reported.push([(error as Error).message, attempt]);
  assert.equal(await retry(failing(2), { ...quick, failed }), 'done at call 3');
  assert.deepEqual(reported, [
    ['failure 1', 0],
    ['failure 2', 1],
  ]);
});

test('a retry ends with the last failure: after its attempts, its time, its signal, or one that does not pass', async () => {
  await assert.rejects(retry(failing(9), { ...quick, attempts_max: 2 }), /failure 2/);
  await assert.rejects(retry(failing(9), { ...quick, within_ms: 0 }), /failure 1/);
  await assert.rejects(retry(failing(9), { ...quick, isPassing: (error) => !String(error).includes('3') }), /failure 3/);
  const stopping = new AbortController();
  const failed = (): void => stopping.abort();
  await assert.rejects(retry(failing(9), { first_ms: 60_000, most_ms: 60_000, signal: stopping.signal, failed }), /failure 1/);
});

test('what is kept running begins again after each end and each failure, until its signal', async () => {
  const stopping = new AbortController();
  const failures: unknown[] = [];
  let runs = 0;
  await keepRunning(
    async () => {
      runs += 1;
      if (runs === 2) throw new Error('the second');
      if (runs === 4) stopping.abort();
    },
    { ...quick, signal: stopping.signal, failed: (error) => void failures.push((error as Error).message) },
  );
  assert.equal(runs, 4);
  assert.deepEqual(failures, ['the second']);
});
