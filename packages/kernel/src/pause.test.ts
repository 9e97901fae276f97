import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from './pause.ts';

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
