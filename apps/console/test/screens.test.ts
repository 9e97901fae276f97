import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DeadLetter, Product } from '@souk/contracts';
import { byRule } from '../src/screens/books/by-rule.ts';
import { groupLetters, readableBody } from '../src/screens/dead-letters/letter-groups.ts';
import { changedFields, changeOf, fieldsOf } from '../src/screens/products/product-fields.ts';
import { type QueueFilter, type QueueShown, shownQueues } from '../src/screens/queues/shown-queues.ts';

const letter = (id: string, queue: string, reason: string, event_type: string | null): DeadLetter => ({
  id,
  queue,
  reason,
  event_type,
  event_id: null,
  detail: '',
  attempts: 6,
  correlation_id: null,
  traceparent: null,
  code_version: '1',
  body: '{}',
  died_at: '2026-07-01T12:00:00Z',
});

describe('dead letters', () => {
  it('are grouped by queue and reason, the largest group first', () => {
    const groups = groupLetters('orders', [
      letter('1', 'orders.a', 'payload_invalid', 'b.done'),
      letter('2', 'orders.a', 'handler_failed', 'b.done'),
      letter('3', 'orders.a', 'handler_failed', null),
      letter('4', 'orders.b', 'handler_failed', 'c.done'),
    ]);
    assert.deepEqual(
      groups.map(({ queue, reason, letters, event_types }) => [queue, reason, letters.map(({ id }) => id).join(), event_types.join()]),
      [
        ['orders.a', 'handler_failed', '2,3', '?,b.done'],
        ['orders.a', 'payload_invalid', '1', 'b.done'],
        ['orders.b', 'handler_failed', '4', 'c.done'],
      ],
    );
  });

  it('are shown as they came where they are no JSON', () => {
    assert.equal(readableBody('{"a":1}'), '{\n  "a": 1\n}');
    assert.equal(readableBody('{"a":'), '{"a":');
  });
});

describe('findings of the auditor', () => {
  it('are counted by rule', () => {
    const finding = (rule: string) => ({ rule, detail: '', ids: [] });
    const rules = byRule([finding('oversold'), finding('order_lost'), finding('order_lost')]);
    assert.deepEqual(
      rules.map(({ rule, found }) => `${rule} ${found.length}`),
      ['order_lost 2', 'oversold 1'],
    );
  });
});

describe('the fields of a product', () => {
  const before = fieldsOf({ name: 'Bowl', sku: 'bowl', price: 24.5, category: null, description: '' } as Product);

  it('are sent as far as they were changed', () => {
    const after = { ...before, price: '24,50', name: ' Bowl ', category: 'Kitchen' };
    assert.deepEqual(changedFields(before, after), ['price', 'category']);
    assert.deepEqual(changeOf(before, after), { price: 24.5, category: 'Kitchen' });
    assert.deepEqual(changeOf({ ...before, category: 'Kitchen' }, before), { category: null });
  });

  it('are not sent with a price that is no amount', () => {
    assert.equal(changeOf(before, { ...before, price: 'free' }), undefined);
  });
});

describe('queues', () => {
  const queue = (name: string, given: Partial<QueueShown>): QueueShown => ({
    ...{ queue: name, service: 'orders', ready: 0, unsettled: 0, oldest_age_s: null, attached: 1, dead: 0 },
    ...given,
  });
  const all = [
    queue('b', {}),
    queue('a', { ready: null, dead: null }),
    queue('young', { ready: 2, oldest_age_s: 1 }),
    queue('old', { ready: 1, oldest_age_s: 60, dead: 3 }),
    queue('left', { attached: 0 }),
  ];
  const names = (which: QueueFilter): string[] => shownQueues(all, which).map(({ queue: name }) => name);

  it('come in order of how long their oldest message has waited, those that wait for a consumer among those that wait', () => {
    assert.deepEqual(names('all'), ['old', 'young', 'a', 'b', 'left']);
    assert.deepEqual(names('waiting'), ['old', 'young', 'left']);
    assert.deepEqual(names('dead'), ['old']);
  });
});
