import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsNoWait, type OrderRecord, shownAction, shownWait } from './order.ts';

test('an order says what it waits for, since when, and until when where the wait ends by itself', () => {
  const since = '2026-01-01T00:00:00.000Z';
  const deadline_at = '2026-01-01T00:11:00.000Z';
  const payment_action = { payment_id: 'p', until: '2026-01-01T00:10:00.000Z' };
  const waitOf = (status: OrderRecord['status'], deadline: string | null = null, action: OrderRecord['payment_action'] = null) =>
    shownWait({ status, payment_action: action, deadline_at: deadline, updated_at: since });
  const wait = (what: string, until: string | null) => ({ waiting_for: { what, since, until } });
  assert.deepEqual(waitOf('pending', deadline_at), wait('stock', deadline_at));
  assert.deepEqual(waitOf('awaiting_payment', deadline_at), wait('payment', deadline_at));
  assert.deepEqual(waitOf('awaiting_payment', deadline_at, payment_action), wait('customer_payment', payment_action.until));
  assert.deepEqual(waitOf('confirmed', null, payment_action), wait('shipment', null));
  assert.deepEqual(waitOf('shipped'), wait('completion', null));
  assert.deepEqual([waitOf('completed'), waitOf('cancelled')], [{}, {}]);
});

test('what the customer has to do is shown while the payment is awaited, and nothing is gained by waiting then', () => {
  const payment_action = { payment_id: 'p', until: '2026-01-01T00:10:00.000Z' };
  const awaiting = { status: 'awaiting_payment', payment_action } as const;
  const action = { what: 'complete_payment', url: '/api/payments/p', until: '2026-01-01T00:10:00.000Z' };
  assert.deepEqual(shownAction(awaiting), { action });
  assert.deepEqual(shownAction({ status: 'awaiting_payment', payment_action: null }), {});
  assert.deepEqual(shownAction({ status: 'confirmed', payment_action }), {});
  assert.deepEqual([awaiting, { status: 'confirmed', payment_action: null } as const].map(needsNoWait), [true, true]);
  assert.deepEqual(
    (['pending', 'awaiting_payment'] as const).map((status) => needsNoWait({ status, payment_action: null })),
    [false, false],
  );
});
