import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Checkout, type CheckoutInput, checkoutInputs, decideCheckout, type InputName } from './checkout-saga.ts';

const at = Date.UTC(2026, 0, 1);
const pending: Checkout = {
  order_id: '01900000-0000-7000-8000-000000000001',
  order_number: 'S-10001',
  user_id: '01900000-0000-7000-8000-000000000002',
  total_amount: 12_995,
  currency: 'EUR',
  placed_at: at,
  version: 1,
  status: 'pending',
  payment_method: 'tok_visa',
  deadline_at: at,
};
const inputs: { [I in InputName]: Extract<CheckoutInput, { name: I }> } = {
  'inventory.reserved': { name: 'inventory.reserved', at, pay_by: at + 600_000 },
  'inventory.rejected': { name: 'inventory.rejected', at },
  'payment.action_required': { name: 'payment.action_required', at, payment_id: 'p', until: at + 900_000, note: 'a page' },
  'payment.processed: succeeded': { name: 'payment.processed: succeeded', at, payment_id: 'p', amount: 129.95, currency: 'EUR' },
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
  ship_requested: {
    name: 'ship_requested',
    at,
    parcel_id: '01900000-0000-7000-8000-000000000005',
    items: [],
    unsent_pieces: 0,
    carrier: 'DHL',
    tracking_number: '1',
    tracking_url: null,
  },
  complete_requested: { name: 'complete_requested', at },
  deadline_passed: { name: 'deadline_passed', at },
};

// Inventory and payments in the few lines that matter to the saga, each idempotent by the order.
interface Shop {
  order: Checkout;
  stock: 'none' | 'held' | 'rejected' | 'released' | 'tombstone';
  money: 'none' | 'page' | 'captured' | 'declined' | 'refunded' | 'void';
  captures: number;
  holds: number;
  mail: string[];
}

interface Choices {
  has_stock: boolean;
  pays: boolean;
  /** The provider asks the customer to its page first. */
  asks: boolean;
  cancels_at: number | undefined;
  ends_at: number | undefined;
  picks: readonly number[];
  repeats: readonly boolean[];
}

function inventoryHandles(shop: Shop, event: string, has_stock: boolean): void {
  if (event === 'order.created' && shop.stock === 'none') {
    shop.stock = has_stock ? 'held' : 'rejected';
    if (has_stock) shop.holds += 1;
  }
  if (event === 'order.created' && shop.stock !== 'tombstone') shop.mail.push(has_stock ? 'inventory.reserved' : 'inventory.rejected');
  if (event === 'order.cancelled' && shop.stock === 'none') shop.stock = 'tombstone';
  if (event === 'order.cancelled' && shop.stock === 'held') shop.stock = 'released';
}

function paymentsHandle(shop: Shop, event: string, { pays, asks }: Choices): void {
  if (event === 'payment.requested' && shop.money === 'none' && asks) {
    shop.money = 'page';
    shop.mail.push('payment.action_required', 'page_ends');
  } else if ((event === 'payment.requested' && shop.money === 'none') || (event === 'page_ends' && shop.money === 'page')) {
    shop.money = pays ? 'captured' : 'declined';
    if (pays) shop.captures += 1;
    shop.mail.push(pays ? 'payment.processed: succeeded' : 'payment.processed: declined');
  }
  if (event === 'order.cancelled' && shop.money === 'none') shop.money = 'void';
  if (event === 'order.cancelled' && shop.money === 'page') {
    shop.money = 'declined';
    shop.mail.push('payment.processed: declined');
  }
  if (event === 'order.cancelled' && shop.money === 'captured') {
    shop.money = 'refunded';
    shop.mail.push('payment.refunded');
  }
}

function deliver(shop: Shop, message: string, choices: Choices): void {
  inventoryHandles(shop, message, choices.has_stock);
  paymentsHandle(shop, message, choices);
  if (!checkoutInputs.includes(message as InputName)) return;
  const decision = decideCheckout(shop.order, inputs[message as InputName]);
  assert.notEqual(decision.kind, 'impossible', `${message} in ${shop.order.status}`);
  if (decision.kind !== 'move') return;
  shop.order = decision.state;
  shop.mail.push(...decision.events.map((event) => event.definition.event_type));
}

/** Delivers everything in the order of the picks, some twice, with a cancellation and a deadline at any moment. */
function run(choices: Choices): Shop {
  const shop: Shop = {
    order: pending,
    stock: 'none',
    money: 'none',
    captures: 0,
    holds: 0,
    mail: ['order.created'],
  };
  for (let step = 0; step < choices.picks.length || shop.mail.length > 0; step += 1) {
    if (step === choices.cancels_at) deliver(shop, 'cancel_requested', choices);
    if (step === choices.ends_at) deliver(shop, 'deadline_passed', choices);
    if (shop.mail.length === 0) continue;
    const [message] = shop.mail.splice((choices.picks[step] ?? 0) % shop.mail.length, 1);
    deliver(shop, message as string, choices);
    // A repeat of a refund cannot come before the first; of all others it can come at any time after.
    if (choices.repeats[step]) shop.mail.push(message as string);
  }
  return shop;
}

test('any order and repetition of messages ends confirmed with stock and money taken once, or cancelled with both given back', () => {
  const moment = fc.option(fc.nat({ max: 20 }), { nil: undefined });
  const choices = fc.record({
    has_stock: fc.boolean(),
    pays: fc.boolean(),
    asks: fc.boolean(),
    cancels_at: moment,
    ends_at: moment,
    picks: fc.array(fc.nat({ max: 10 }), { minLength: 24, maxLength: 24 }),
    repeats: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  });
  fc.assert(
    fc.property(choices, (chosen) => {
      const { order, stock, money, captures, holds } = run(chosen);
      assert.ok(captures <= 1 && holds <= 1);
      if (order.status === 'confirmed') assert.deepEqual([stock, money], ['held', 'captured']);
      else {
        assert.equal(order.status, 'cancelled');
        assert.ok(['released', 'rejected', 'tombstone'].includes(stock), `stock is ${stock}`);
        assert.ok(['refunded', 'declined', 'void', 'none'].includes(money), `money is ${money}`);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('whatever arrives, a version grows by one with each move and what is over stays over', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...checkoutInputs), { maxLength: 40 }), (names) => {
      let state: Checkout = pending;
      let ends = 0;
      for (const name of names) {
        const decision = decideCheckout(state, inputs[name]);
        if (decision.kind !== 'move') continue;
        assert.notEqual(state.status, 'cancelled');
        assert.notEqual(state.status, 'completed');
        assert.equal(decision.state.version, state.version + 1);
        ends += decision.events.filter(({ definition }) => ['order.cancelled', 'order.completed'].includes(definition.event_type)).length;
        state = decision.state;
      }
      assert.ok(ends <= 1);
    }),
  );
});
