import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from './app-error.ts';
import { DeadlineExceeded, doneWithin, withDeadline } from './deadline.ts';

const never = (): Promise<never> => new Promise(() => undefined);

test('work that is done in time is the outcome, failures as well, also those thrown at once', async () => {
  assert.equal(await withDeadline(Promise.resolve(7), 60_000), 7);
  assert.equal(await withDeadline(async () => 8, 60_000), 8);
  await assert.rejects(withDeadline(Promise.reject(new Error('no')), 60_000), /no/);
  const throwing = (): Promise<never> => {
    throw new RangeError('at once');
  };
  await assert.rejects(withDeadline(throwing, 60_000), RangeError);
});

test('work that takes too long fails the wait, and its signal says why', async () => {
  await assert.rejects(withDeadline(never(), 1), DeadlineExceeded);
  const late = (): Error => new AppError('overloaded', 'Later.');
  let reason: unknown;
  const working = withDeadline(
    (signal) => {
      signal.addEventListener('abort', () => (reason = signal.reason));
      return never();
    },
    1,
    { late },
  );
  await assert.rejects(working, { code: 'overloaded' });
  assert.equal((reason as AppError).code, 'overloaded');
});

test('a failure after the deadline is dropped', async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  await assert.rejects(withDeadline(promise, 1), DeadlineExceeded);
  assert.equal(await doneWithin(promise, 1), false);
  reject(new Error('nobody waits for this'));
  await new Promise(setImmediate);
});

test('an answer that waits to be read behind a stalled event loop is still in time', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const answer = withDeadline(promise, 10, { forgive_stall: true });
  // The timer of the answer is due after that of the limit, and both are due when the loop goes on.
  setTimeout(() => resolve('late, but not by its own fault'), 20);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  assert.equal(await answer, 'late, but not by its own fault');
});

test('whether work was done in time, and its failure', async () => {
  assert.equal(await doneWithin(Promise.resolve(), 60_000), true);
  assert.equal(await doneWithin(never(), 0), false);
  await assert.rejects(doneWithin(Promise.reject(new Error('no')), 60_000), /no/);
  const ending = new AbortController();
  const waiting = doneWithin(never(), 60_000, ending.signal);
  ending.abort();
  assert.equal(await waiting, false);
  assert.equal(await doneWithin(never(), 60_000, ending.signal), false);
});
