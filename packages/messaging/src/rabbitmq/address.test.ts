import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rabbitAddresses, shuffled } from './address.ts';

test('several nodes are read, each with a heartbeat, and none is shown with its password', () => {
  const addresses = rabbitAddresses('amqp://souk:secret@one:5672/shop, amqps://souk:secret@two/?heartbeat=3');
  assert.deepEqual(
    addresses.map(({ url }) => url),
    ['amqp://souk:secret@one:5672/shop?heartbeat=10', 'amqps://souk:secret@two/?heartbeat=3'],
  );
  assert.ok(addresses.every(({ shown }) => !shown.includes('secret')));
});

test('one wrong address among several is refused without being repeated', () => {
  for (const urls of ['amqp://one,', 'amqp://one,redis://souk:secret@two', 'amqp://one,amqp://souk:secret@two:x'])
    assert.throws(
      () => rabbitAddresses(urls),
      (error: Error & { code?: string }) => error.code === 'config_invalid' && !error.message.includes('secret'),
    );
});

test('the order follows the random numbers, and every node stays', () => {
  const numbers = [0.9, 0.1, 0.5];
  assert.deepEqual(
    shuffled(['a', 'b', 'c'], () => numbers.shift() ?? 0),
    ['b', 'c', 'a'],
  );
});
