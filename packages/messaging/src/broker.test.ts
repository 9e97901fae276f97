import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesTopic } from './broker.ts';

test('topic patterns match as AMQP defines them', () => {
  const rows: [string, string, boolean][] = [
    ['order.*', 'order.created', true],
    ['order.*', 'order', false],
    ['order.*', 'order.created.late', false],
    ['#', 'anything.at.all', true],
    ['order.#', 'order', true],
    ['order.#', 'order.created.late', true],
    ['*.updated', 'inventory.updated', true],
    ['inventory.updated', 'inventory.updated', true],
    ['inventory.updated', 'inventory.updates', false],
  ];
  for (const [pattern, key, expected] of rows) assert.equal(matchesTopic(pattern, key), expected, `${pattern} and ${key}`);
});
