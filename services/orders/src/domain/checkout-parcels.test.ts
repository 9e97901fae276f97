import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Checkout, type CheckoutInput, decideCheckout } from './checkout-saga.ts';

const names = { order_id: 'order-1', order_number: 'S-10001', user_id: 'user-1' };
const confirmed: Checkout = { ...names, total_amount: 12_995, currency: 'EUR', placed_at: 0, version: 3, status: 'confirmed' };
const parcel = {
  parcel_id: 'parcel-1',
  items: [{ product_id: 'tea', name: 'Green tea', quantity: 2 }],
  carrier: 'DHL',
  tracking_number: '1',
};
const ship = (values: { tracking_url: string | null; unsent_pieces: number }): CheckoutInput => ({
  name: 'ship_requested',
  at: 0,
  ...parcel,
  ...values,
});

test('an order of which pieces are still to be sent is shipped, says so, and cannot be completed', () => {
  const tracking_url = 'https://post.example.org/1';
  const shipped = decideCheckout(confirmed, ship({ tracking_url, unsent_pieces: 1 }));
  assert.ok(shipped.kind === 'move' && shipped.state.status === 'shipped');
  assert.equal(shipped.state.unsent_pieces, 1);
  assert.deepEqual(
    shipped.events.map(({ payload }) => payload),
    [{ ...names, order_version: 4, ...parcel, tracking_url, delivery: 'partial' }],
  );
  const refused = decideCheckout(shipped.state, { name: 'complete_requested', at: 0 });
  assert.deepEqual(refused, { kind: 'refuse', code: 'order_not_completable' });
});

test('an order that is sent as a whole says so, without an address that there is not', () => {
  const shipped = decideCheckout(confirmed, ship({ tracking_url: null, unsent_pieces: 0 }));
  assert.ok(shipped.kind === 'move');
  assert.deepEqual(
    shipped.events.map(({ payload }) => payload),
    [{ ...names, order_version: 4, ...parcel, delivery: 'full' }],
  );
  assert.equal(decideCheckout(shipped.state, { name: 'complete_requested', at: 0 }).kind, 'move');
});
