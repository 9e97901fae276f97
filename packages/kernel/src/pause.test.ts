import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause, probePause } from './pause.ts';

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

test('a probe waits a twentieth of the wait so far, within its bounds, and ends with its signal', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const delayAfter = async (waited_ms: number, least_ms: number): Promise<number> => {
    let isOver = false;
    const over = probePause(performance.now() - waited_ms, least_ms).then(() => {
      isOver = true;
    });
    for (let delay_ms = 0; ; delay_ms += 1) {
      await Promise.resolve();
      if (isOver) return over.then(() => delay_ms);
      t.mock.timers.tick(1);
    }
  };
  assert.equal(await delayAfter(0, 10), 10);
  assert.equal(await delayAfter(190, 10), 10);
  assert.ok(Math.abs((await delayAfter(2_000, 10)) - 101) <= 5);
  assert.equal(await delayAfter(60_000, 10), 250);
  assert.equal(await delayAfter(60_000, 400), 400);
  await probePause(0, 3_600_000, AbortSignal.abort());
});
