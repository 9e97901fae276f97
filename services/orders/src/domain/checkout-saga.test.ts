import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventDefinition } from '@souk/contracts';
import {
  type Checkout,
  type CheckoutInput,
  type CheckoutStatus,
  cancellerOf,
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
  awaiting_payment: { ...known, status: 'awaiting_payment', deadline_at: at, action: null },
  confirmed: { ...known, status: 'confirmed' },
  shipped: { ...known, status: 'shipped', carrier: 'DHL', tracking_number: '1', unsent_pieces: 0 },
  completed: { ...known, status: 'completed' },
  cancelled: { ...known, status: 'cancelled', cancel_reason: 'out_of_stock' },
};
const payment = { payment_id: '01900000-0000-7000-8000-000000000003', amount: 129.95, currency: 'EUR' };
const items = [{ product_id: '01900000-0000-7000-8000-000000000005', name: 'Lamp', quantity: 1 }];
const parcel = { parcel_id: '01900000-0000-7000-8000-000000000004', items, carrier: 'DHL', tracking_number: '1', tracking_url: null };
const inputs: { [I in InputName]: Extract<CheckoutInput, { name: I }> } = {
  'inventory.reserved': { name: 'inventory.reserved', at, pay_by: at + 600_000 },
  'inventory.rejected': { name: 'inventory.rejected', at },
  'payment.action_required': { name: 'payment.action_required', at, payment_id: payment.payment_id, until: at + 900_000, note: 'a page' },
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
  ship_requested: { name: 'ship_requested', at, ...parcel, unsent_pieces: 0 },
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
    'payment.action_required': 'impossible',
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
    'payment.action_required': '→ awaiting_payment ',
    'payment.processed: succeeded': '→ confirmed order.confirmed',
    'payment.processed: declined': '→ cancelled order.cancelled (payment_declined)',
    'payment.refunded': 'note',
    cancel_requested: '→ cancelled order.cancelled (customer_request)',
    ship_requested: 'refuse order_not_shippable',
    complete_requested: 'refuse order_not_completable',
    deadline_passed: '→ cancelled order.cancelled (payment_timeout)',
  },
  confirmed: {
    'inventory.reserved': 'ignore',
    'inventory.rejected': 'ignore',
    'payment.action_required': 'ignore',
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
    'payment.action_required': 'ignore',
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
    'payment.action_required': 'ignore',
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
    'payment.action_required': 'ignore',
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

  test('has a row for each status and a column for each input', () => {
    assert.deepEqual(checkoutStatuses, Object.keys(states));
    assert.deepEqual(checkoutInputs, Object.keys(inputs));
  });

  test('what is ignored, answered again or impossible says why', () => {
    for (const status of checkoutStatuses)
      for (const name of checkoutInputs) {
        const decision = decideCheckout(states[status], inputs[name]);
        if ('why' in decision || !['move', 'note', 'refuse'].includes(decision.kind))
          assert.ok('why' in decision && decision.why.length > 0, `${status} + ${name}`);
      }
    const underpaid = decideCheckout(states.awaiting_payment, { ...inputs['payment.processed: succeeded'], amount: 1 });
    assert.ok(underpaid.kind === 'impossible' && underpaid.why.includes('1 EUR'));
  });

  test('a note names the money it is about', () => {
    const noted = (status: CheckoutStatus, name: InputName): string => {
      const decision = decideCheckout(states[status], inputs[name]);
      return decision.kind === 'note' ? decision.note : assert.fail(`${status} + ${name} is not noted`);
    };
    for (const status of ['awaiting_payment', 'confirmed', 'shipped', 'completed', 'cancelled'] as const) {
      assert.ok(noted(status, 'payment.refunded').includes('5 EUR'));
      assert.ok(noted(status, 'payment.refunded').includes('scratched'));
    }
    assert.ok(noted('cancelled', 'payment.processed: succeeded').includes('129.95 EUR'));
  });

  test('a move keeps what is known of the order and adds what is new', () => {
    const next = { ...known, version: known.version + 1 };
    const after = (status: CheckoutStatus, name: InputName): Checkout => {
      const decision = decideCheckout(states[status], inputs[name]);
      return decision.kind === 'move' ? decision.state : assert.fail(`${status} + ${name} is no move`);
    };
    assert.deepEqual(after('pending', 'inventory.reserved'), {
      ...next,
      status: 'awaiting_payment',
      deadline_at: at + 600_000,
      action: null,
    });
    assert.deepEqual(after('awaiting_payment', 'payment.processed: succeeded'), { ...next, status: 'confirmed' });
    const sent = { carrier: 'DHL', tracking_number: '1', unsent_pieces: 0 };
    assert.deepEqual(after('confirmed', 'ship_requested'), { ...next, status: 'shipped', ...sent });
    assert.deepEqual(after('shipped', 'complete_requested'), { ...next, status: 'completed' });
    assert.deepEqual(after('pending', 'inventory.rejected'), { ...next, status: 'cancelled', cancel_reason: 'out_of_stock' });
  });

  test('a page of the provider sets the deadline once, a minute after it closes, and holds the stock for 35 minutes at most', () => {
    const page = inputs['payment.action_required'];
    const first = decideCheckout(states.awaiting_payment, page);
    assert.ok(first.kind === 'move');
    assert.deepEqual(first.events, []);
    const action = { payment_id: payment.payment_id, until: at + 900_000 };
    assert.deepEqual(first.state, { ...states.awaiting_payment, version: known.version + 1, deadline_at: at + 960_000, action });
    assert.deepEqual(decideCheckout(first.state, { ...page, until: at + 1_800_000 }), { kind: 'ignore', why: 'a repeat' });
    const longest = decideCheckout(states.awaiting_payment, { ...page, until: at + 86_400_000 });
    assert.ok(longest.kind === 'move' && longest.state.status === 'awaiting_payment');
    assert.equal(longest.state.deadline_at, at + 35 * 60_000);
    const late = decideCheckout(states.awaiting_payment, { ...page, until: at - 300_000 });
    assert.ok(late.kind === 'move' && late.state.status === 'awaiting_payment');
    assert.equal(late.state.deadline_at, at - 240_000);
  });

  test('who cancels follows from the reason', () => {
    assert.deepEqual(
      (['customer_request', 'staff_request', 'out_of_stock', 'payment_declined', 'stock_timeout', 'payment_timeout'] as const).map(
        cancellerOf,
      ),
      ['customer', 'staff', 'system', 'system', 'system', 'system'],
    );
  });

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

test('what is published of an order has the language that its customer named, whatever has happened before', () => {
  const payloadOf = (decision: ReturnType<typeof decideCheckout>) =>
    (decision.kind === 'move' ? decision.events[0]?.payload : undefined) as { locale?: string } | undefined;
  const named: Checkout = { ...states.awaiting_payment, locale: 'de-AT' };
  const confirmed = decideCheckout(named, inputs['payment.processed: succeeded']);
  assert.equal(payloadOf(confirmed)?.locale, 'de-AT');
  assert.equal(payloadOf(decideCheckout(named, inputs.deadline_passed))?.locale, 'de-AT');
  assert.ok(confirmed.kind === 'move');
  assert.equal(payloadOf(decideCheckout(confirmed.state, inputs.ship_requested))?.locale, 'de-AT');
  const unnamed = payloadOf(decideCheckout({ ...named, locale: null }, inputs['payment.processed: succeeded']));
  assert.ok(unnamed && !('locale' in unnamed));
});
