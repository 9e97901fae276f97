import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventDefinition } from '@souk/contracts';
import {
  type Checkout,
  type CheckoutInput,
  type CheckoutStatus,
  checkoutInputs,
  checkoutStatuses,
  checkoutTable,
  decideCheckout,
  type InputName,
} from './checkout-saga.ts';

const at = Date.UTC(2026, 0, 1);
const known = {
  order_id: '01900000-0000-7000-8000-000000000001',
  order_number: 'S-10001',
  user_id: '01900000-0000-7000-8000-000000000002',
  total_amount: 12_995,
  currency: 'EUR',
  placed_at: at,
  version: 4,
};
const states: { [S in CheckoutStatus]: Extract<Checkout, { status: S }> } = {
  pending: { ...known, status: 'pending', payment_method: 'tok_visa', deadline_at: at },
  awaiting_payment: { ...known, status: 'awaiting_payment', deadline_at: at },
  confirmed: { ...known, status: 'confirmed' },
  shipped: { ...known, status: 'shipped', carrier: 'DHL', tracking_number: '1' },
  completed: { ...known, status: 'completed' },
  cancelled: { ...known, status: 'cancelled', cancel_reason: 'out_of_stock' },
};
const payment = { payment_id: '01900000-0000-7000-8000-000000000003', amount: 129.95, currency: 'EUR' };
const inputs: { [I in InputName]: Extract<CheckoutInput, { name: I }> } = {
  'inventory.reserved': { name: 'inventory.reserved', at, pay_by: at + 600_000 },
  'inventory.rejected': { name: 'inventory.rejected', at },
  'payment.processed: succeeded': { name: 'payment.processed: succeeded', at, ...payment },
  'payment.processed: declined': { name: 'payment.processed: declined', at, note: 'card_declined' },
  'payment.refunded': {
    name: 'payment.refunded',
    at,
    refund_id: '01900000-0000-7000-8000-000000000004',
    amount: 5,
    currency: 'EUR',
    reason: 'scratched',
  },
  cancel_requested: { name: 'cancel_requested', at, reason: 'customer_request', note: null },
  ship_requested: { name: 'ship_requested', at, carrier: 'DHL', tracking_number: '1' },
  complete_requested: { name: 'complete_requested', at },
  deadline_passed: { name: 'deadline_passed', at },
};

/** The outcome in short: `→ status event (reason)`, or the word of the decision. */
function outcome(status: CheckoutStatus, name: InputName): string {
  const decision = decideCheckout(states[status], inputs[name]);
  if (decision.kind === 'refuse') return `refuse ${decision.code}`;
  if (decision.kind !== 'move') return decision.kind;
  const { state, events } = decision;
  const reason = state.status === 'cancelled' ? ` (${state.cancel_reason})` : '';
  return `→ ${state.status} ${events.map((event) => event.definition.event_type).join()}${reason}`;
}

const cells: Record<CheckoutStatus, Record<InputName, string>> = {
  pending: {
    'inventory.reserved': '→ awaiting_payment payment.requested',
    'inventory.rejected': '→ cancelled order.cancelled (out_of_stock)',
    'payment.processed: succeeded': 'impossible',
    'payment.processed: declined': 'impossible',
    'payment.refunded': 'impossible',
    cancel_requested: '→ cancelled order.cancelled (customer_request)',
    ship_requested: 'refuse order_not_shippable',
    complete_requested: 'refuse order_not_completable',
    deadline_passed: '→ cancelled order.cancelled (stock_timeout)',
  },
  awaiting_payment: {
    'inventory.reserved': 'ignore',
    'inventory.rejected': 'impossible',
    'payment.processed: succeeded': '→ confirmed order.confirmed',
    'payment.processed: declined': '→ cancelled order.cancelled (payment_declined)',
    'payment.refunded': 'impossible',
    cancel_requested: '→ cancelled order.cancelled (customer_request)',
    ship_requested: 'refuse order_not_shippable',
    complete_requested: 'refuse order_not_completable',
    deadline_passed: '→ cancelled order.cancelled (payment_timeout)',
  },
  confirmed: {
    'inventory.reserved': 'ignore',
    'inventory.rejected': 'ignore',
    'payment.processed: succeeded': 'ignore',
    'payment.processed: declined': 'impossible',
    'payment.refunded': 'note',
    cancel_requested: '→ cancelled order.cancelled (customer_request)',
    ship_requested: '→ shipped order.shipped',
    complete_requested: 'refuse order_not_completable',
    deadline_passed: 'ignore',
  },
  shipped: {
    'inventory.reserved': 'ignore',
    'inventory.rejected': 'ignore',
    'payment.processed: succeeded': 'ignore',
    'payment.processed: declined': 'ignore',
    'payment.refunded': 'note',
    cancel_requested: 'refuse order_not_cancellable',
    ship_requested: 'same',
    complete_requested: '→ completed order.completed',
    deadline_passed: 'ignore',
  },
  completed: {
    'inventory.reserved': 'ignore',
    'inventory.rejected': 'ignore',
    'payment.processed: succeeded': 'ignore',
    'payment.processed: declined': 'ignore',
    'payment.refunded': 'note',
    cancel_requested: 'refuse order_not_cancellable',
    ship_requested: 'refuse order_not_shippable',
    complete_requested: 'same',
    deadline_passed: 'ignore',
  },
  cancelled: {
    'inventory.reserved': 'ignore',
    'inventory.rejected': 'ignore',
    'payment.processed: succeeded': 'note',
    'payment.processed: declined': 'ignore',
    'payment.refunded': 'note',
    cancel_requested: 'same',
    ship_requested: 'refuse order_not_shippable',
    complete_requested: 'refuse order_not_completable',
    deadline_passed: 'ignore',
  },
};

describe('the decision table of the checkout', () => {
  for (const status of checkoutStatuses) {
    for (const name of checkoutInputs) {
      test(`${status} + ${name}: ${cells[status][name]}`, () => assert.equal(outcome(status, name), cells[status][name]));
    }
  }

  test('the printed table says what the cells do', () => {
    for (const { status, cells: printed } of checkoutTable()) {
      for (const name of checkoutInputs) {
        const [word] = printed[name].split(/[ :]/);
        assert.equal(word, outcome(status, name).split(' ')[0], `${status} + ${name}`);
      }
    }
  });

  test('every event is a valid event of its definition', () => {
    const envelope = {
      event_id: known.order_id,
      timestamp: '2026-01-01T00:00:00.000Z',
      version: '1.0',
      correlation_id: known.order_id,
      metadata: {},
    };
    for (const status of checkoutStatuses) {
      for (const name of checkoutInputs) {
        const decision = decideCheckout(states[status], inputs[name]);
        if (decision.kind !== 'move') continue;
        assert.equal(decision.state.version, known.version + 1);
        for (const { definition, payload } of decision.events) {
          const event = { ...envelope, event_type: definition.event_type, ...payload };
          assert.equal(eventDefinition(definition.event_type)?.findings(event), undefined);
        }
      }
    }
  });

  test('a payment of another amount or currency confirms nothing', () => {
    for (const wrong of [{ amount: 129.94 }, { currency: 'USD' }]) {
      const decision = decideCheckout(states.awaiting_payment, { ...inputs['payment.processed: succeeded'], ...wrong });
      assert.equal(decision.kind, 'impossible');
    }
  });

  test('a cancellation says who asked for it', () => {
    const staff = decideCheckout(states.confirmed, { ...inputs.cancel_requested, reason: 'staff_request' });
    assert.ok(staff.kind === 'move');
    assert.deepEqual(staff.events[0]?.payload, {
      order_id: known.order_id,
      order_number: known.order_number,
      order_version: 5,
      user_id: known.user_id,
      reason: 'staff_request',
      cancelled_by: 'staff',
      money: 'taken',
    });
  });

  test('a cancellation says whether the customer had paid: not before money was asked for, nor after a refusal of it', () => {
    const moneyAfter = (status: CheckoutStatus, name: InputName): unknown => {
      const decision = decideCheckout(states[status], inputs[name]);
      assert.ok(decision.kind === 'move');
      const [cancelled] = decision.events;
      return (cancelled?.payload as { money?: unknown } | undefined)?.money;
    };
    assert.equal(moneyAfter('pending', 'inventory.rejected'), 'not_taken');
    assert.equal(moneyAfter('pending', 'deadline_passed'), 'not_taken');
    assert.equal(moneyAfter('awaiting_payment', 'payment.processed: declined'), 'not_taken');
    assert.equal(moneyAfter('awaiting_payment', 'deadline_passed'), 'unknown');
    assert.equal(moneyAfter('awaiting_payment', 'cancel_requested'), 'unknown');
    assert.equal(moneyAfter('confirmed', 'cancel_requested'), 'taken');
  });
});
