import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from './app-error.ts';
import { type BatcherOptions, createBatcher } from './batcher.ts';

/** A batcher whose runs are ended by hand. */
function held(options: Partial<BatcherOptions<number, number>> = {}) {
  const runs: { inputs: number[]; end(outputs?: (number | Error)[]): void; fail(error: Error): void }[] = [];
  let flushed: (() => void) | undefined;
  const call = createBatcher<number, number>({
    batch_max: 3,
    delay_ms_max: 0,
    runs_max: 1,
    waiting_max: 100,
    run: (inputs) =>
      new Promise((resolve, reject) => {
        runs.push({ inputs, end: (outputs) => resolve(outputs ?? inputs.map((input) => input * 10)), fail: reject });
        flushed?.();
      }),
    ...options,
  });
  /** Resolves when the run of this number has started. */
  const started = async (number: number) => {
    while (runs.length <= number) await new Promise<void>((resolve) => (flushed = resolve));
    return runs[number] as (typeof runs)[number];
  };
  return { call, runs, started };
}

test('calls of the same turn become one run, and each gets its own output', async () => {
  const { call, started } = held();
  const calls = [call(1), call(2), call(3)];
  const run = await started(0);
  assert.deepEqual(run.inputs, [1, 2, 3]);
  run.end();
  assert.deepEqual(await Promise.all(calls), [10, 20, 30]);
});

test('a full group starts at once, what is left gathers until the run has ended', async () => {
  const { call, runs, started } = held();
  const calls = [1, 2, 3, 4].map(call);
  const first = await started(0);
  calls.push(call(5));
  assert.deepEqual(
    runs.map((run) => run.inputs),
    [[1, 2, 3]],
  );
  first.end();
  const second = await started(1);
  assert.deepEqual(second.inputs, [4, 5]);
  second.end();
  assert.deepEqual(await Promise.all(calls), [10, 20, 30, 40, 50]);
});

test('no more than runs_max runs are under way', async () => {
  const { call, runs, started } = held({ batch_max: 1, runs_max: 2 });
  const calls = [1, 2, 3, 4, 5].map(call);
  await started(1);
  assert.equal(runs.length, 2);
  for (let number = 0; number < 5; number++) (await started(number)).end();
  assert.deepEqual(await Promise.all(calls), [10, 20, 30, 40, 50]);
});

test('a lone call does not wait longer than delay_ms_max', async () => {
  const { call, started } = held({ delay_ms_max: 5 });
  const lone = call(1);
  const run = await started(0);
  assert.deepEqual(run.inputs, [1]);
  run.end();
  assert.equal(await lone, 10);
});

test('an error for one call leaves its neighbours alone', async () => {
  const { call, started } = held();
  const calls = [call(1), call(2), call(3)];
  (await started(0)).end([10, new AppError('total_changed', 'no'), 30]);
  const outcomes = await Promise.allSettled(calls);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  await assert.rejects(calls[1] as Promise<number>, { code: 'total_changed' });
});

test('a run that throws fails every call of its group, and the next group runs', async () => {
  const { call, started } = held();
  const calls = [call(1), call(2)];
  (await started(0)).fail(new Error('the database is gone'));
  for (const outcome of await Promise.allSettled(calls)) assert.equal(outcome.status, 'rejected');
  const next = call(3);
  (await started(1)).end();
  assert.equal(await next, 30);
});

test('a run that answers too few outputs fails its group instead of mixing up answers', async () => {
  const { call, started } = held();
  const calls = [call(1), call(2)];
  (await started(0)).end([10]);
  for (const outcome of await Promise.allSettled(calls))
    assert.match(String((outcome as PromiseRejectedResult).reason), /one output for each input/);
});

test('beyond waiting_max a call is refused at once with overloaded', async () => {
  const { call, started } = held({ waiting_max: 2, batch_max: 10 });
  const calls = [call(1), call(2)];
  await assert.rejects(call(3), (error) => error instanceof AppError && error.code === 'overloaded');
  (await started(0)).end();
  assert.deepEqual(await Promise.all(calls), [10, 20]);
});

test('ten thousand calls keep their answers apart', async () => {
  const sizes: number[] = [];
  const call = createBatcher<number, number>({
    batch_max: 64,
    delay_ms_max: 0,
    runs_max: 3,
    waiting_max: 10_000,
    run: async (inputs) => {
      sizes.push(inputs.length);
      return inputs.map((input) => input + 1);
    },
  });
  const outputs = await Promise.all(Array.from({ length: 10_000 }, (_, input) => call(input)));
  for (const [input, output] of outputs.entries()) assert.equal(output, input + 1);
  assert.ok(Math.max(...sizes) <= 64);
});

test('after a large run the next one waits for company, after a lone call it does not', async (context) => {
  let now_ms = 0;
  context.mock.method(performance, 'now', () => now_ms);
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { call, runs, started } = held({ batch_max: 10, delay_ms_max: 1, pace_ms_max: 5, runs_max: 2 });
  const pass = (ms: number): void => {
    now_ms += ms;
    context.mock.timers.tick(ms);
  };
  const calls = Array.from({ length: 8 }, (_, number) => call(number));
  pass(1);
  (await started(0)).end();
  calls.push(call(8));
  pass(4);
  assert.equal(runs.length, 1, 'eight calls ask for eight milliseconds, of which at most five are given');
  calls.push(call(9));
  pass(1);
  const second = await started(1);
  assert.deepEqual(second.inputs, [8, 9]);
  second.end();
  pass(2);
  calls.push(call(10));
  pass(1);
  const third = await started(2);
  assert.deepEqual(third.inputs, [10]);
  third.end();
  await Promise.all(calls);
});
