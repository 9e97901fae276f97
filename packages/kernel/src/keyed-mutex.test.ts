import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyedMutex } from './keyed-mutex.ts';

test('work of one key runs one after the other in the order it came, that of another key at once', async () => {
  const mutex = createKeyedMutex({ waiting_max: 10 });
  const order: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = (name: string, until: Promise<void>) => async (): Promise<void> => {
    order.push(`${name} begins`);
    await until;
    order.push(`${name} ends`);
  };
  const first = mutex('a', work('a1', promise));
  const second = mutex('a', work('a2', Promise.resolve()));
  await mutex('b', work('b', Promise.resolve()));
  assert.deepEqual(order, ['a1 begins', 'b begins', 'b ends']);
  resolve();
  await Promise.all([first, second]);
  assert.deepEqual(order.slice(3), ['a1 ends', 'a2 begins', 'a2 ends']);
});

test('a failure passes the turn on, and more than may wait are refused', async () => {
  const mutex = createKeyedMutex({ waiting_max: 1, overloaded: () => new RangeError('too many of one key') });
  const { promise, reject } = Promise.withResolvers<void>();
  const first = mutex('a', () => promise);
  const second = mutex('a', async () => 'second');
  await assert.rejects(
    mutex('a', async () => 'third'),
    RangeError,
  );
  reject(new Error('the first fails'));
  await assert.rejects(first, /the first fails/);
  assert.equal(await second, 'second');
  assert.equal(await mutex('a', async () => 'a free key again'), 'a free key again');
});
