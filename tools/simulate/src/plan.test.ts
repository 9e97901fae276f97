import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsEnd, faultText, planOf } from './plan.ts';

const size = { orders: 40, faults: 400 };

test('a seed gives one plan, and another seed another one', () => {
  assert.deepEqual(planOf('7', size), planOf('7', size));
  assert.notDeepEqual(planOf('7', size).faults, planOf('8', size).faults);
});

test('plans have every kind of fault, each with a sentence of its own, and end after the last one', () => {
  const plan = planOf('1', size);
  const kinds = new Set(plan.faults.map(({ kind }) => kind));
  assert.equal(kinds.size, 13, [...kinds].sort().join(', '));
  const sentences = new Set(plan.faults.map((fault) => faultText(fault).replaceAll(/[\d.]+(st|nd|rd|th)?/g, 'N')));
  assert.ok(sentences.size > kinds.size);
  for (const fault of plan.faults) assert.ok(('to_ms' in fault ? fault.to_ms : fault.at_ms) <= faultsEnd(plan));
});

test('orders are placed with and without a key, cancelled, shipped, refunded and declined', () => {
  const { orders, stock } = planOf('1', size);
  assert.ok(orders.some(({ keyed }) => keyed) && orders.some(({ keyed }) => !keyed) && orders.some(({ doubled }) => doubled));
  assert.ok(orders.some(({ cancel_after_ms }) => cancel_after_ms !== null) && orders.some(({ ship_after_ms }) => ship_after_ms !== null));
  assert.ok(orders.some(({ refund_after_ms }) => refund_after_ms !== null));
  assert.ok(orders.some(({ payment_method }) => payment_method === 'tok_declined'));
  assert.ok(orders.every(({ items }) => items.every(({ product }) => product < stock.length)));
});
