import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBatchPacing } from './batch-pacing.ts';

test('events that come one by one do not wait; after a large batch the next gathers, until it is full or the consumer stops', async (context) => {
  let now_ms = 1_000;
  context.mock.method(performance, 'now', () => now_ms);
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const pass = (ms: number): void => {
    now_ms += ms;
    context.mock.timers.tick(ms);
  };
  const pacing = createBatchPacing();
  const consumer = new AbortController();
  const waited = (gathered: number): Promise<boolean> => pacing.waited(gathered, 100, consumer.signal);

  assert.equal(await waited(1), false, 'nothing was before');
  pacing.began(1);
  pass(2);
  assert.equal(await waited(1), false);

  pacing.began(10);
  pass(5);
  const gathering = waited(3);
  let over = false;
  void gathering.then(() => (over = true));
  pass(14);
  await Promise.resolve();
  assert.equal(over, false, 'ten events make room for twenty milliseconds');
  pass(1);
  assert.equal(await gathering, true);
  assert.equal(await waited(3), false);

  pacing.began(1_000);
  assert.equal(await waited(100), false, 'a full batch does not wait');
  const last = waited(1);
  pass(30);
  assert.equal(await last, true, 'nobody waits longer than the limit');

  pacing.began(1_000);
  const interrupted = waited(1);
  consumer.abort();
  assert.equal(await interrupted, true);
  assert.equal(await waited(1), false);
});
