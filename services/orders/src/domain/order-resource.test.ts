import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OrderRecord, toResource } from './order.ts';

const line = { product_id: 'a', sku: 'SKU-a', name: 'Product a', quantity: 1, price: 1_999, line_total: 1_999 };
const priced = { items: [line], total_amount: 1_999, currency: 'EUR', totals: null };
const pending: OrderRecord = {
  ...priced,
  id: 'i',
  order_number: 'S-10001',
  user_id: 'u',
  status: 'pending',
  shipping_address: null,
  billing_address: null,
  locale: null,
  cancel_reason: null,
  carrier: null,
  tracking_number: null,
  unsent_pieces: null,
  parcels: null,
  payment_action: null,
  deadline_at: null,
  version: 1,
  created_at: '',
  updated_at: '',
};

test('an order is shown with everything that is stored of it, its address in the order of the contract', () => {
  const record: OrderRecord = {
    ...pending,
    status: 'shipped',
    shipping_address: { country: 'CH', city: 'Bern', postal_code: '3000', street: 'Lindenweg 4' },
    carrier: 'DHL',
    tracking_number: '1',
    version: 4,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-02T00:00:00.000Z',
  };
  const order = toResource(record);
  const {
    items,
    total_amount,
    shipping_address,
    totals: _totals,
    billing_address: _billing,
    locale: _locale,
    payment_action: _,
    unsent_pieces: _unsent,
    deadline_at: _deadline,
    ...rest
  } = record;
  assert.deepEqual(order, {
    ...rest,
    items: [{ product_id: 'a', sku: 'SKU-a', name: 'Product a', quantity: 1, price: 19.99, line_total: 19.99 }],
    total_amount: 19.99,
    waiting_for: { what: 'completion', since: record.updated_at, until: null },
    delivery: 'full',
    parcels: [
      {
        id: 'i',
        number: 1,
        items: [{ product_id: 'a', name: 'Product a', quantity: 1 }],
        carrier: 'DHL',
        tracking_number: '1',
        tracking_url: null,
        delivered_at: null,
      },
    ],
    shipping_address: { street: 'Lindenweg 4', city: 'Bern', postal_code: '3000', country: 'CH' },
  });
  assert.deepEqual(Object.keys(order.shipping_address ?? {}), ['street', 'city', 'postal_code', 'country']);
  assert.deepEqual([items.length, total_amount, shipping_address?.city], [1, 1_999, 'Bern'], 'what is stored stays as it is');
});

test('an order is shown in major units', () => {
  const order = toResource({ ...pending, items: [{ ...line, quantity: 3, line_total: 5_997 }], total_amount: 5_997 });
  assert.equal(order.total_amount, 59.97);
  assert.deepEqual(order.items[0], { product_id: 'a', sku: 'SKU-a', name: 'Product a', quantity: 3, price: 19.99, line_total: 59.97 });
});

test('an order whose payment is completed by its customer says where, until when, and for how long it is waited', () => {
  const until = '2026-01-01T00:15:00.000Z';
  const updated_at = '2026-01-01T00:00:00.000Z';
  const order = toResource({
    ...pending,
    status: 'awaiting_payment',
    payment_action: { payment_id: 'p', until },
    deadline_at: '2026-01-01T00:16:00.000Z',
    updated_at,
  });
  assert.deepEqual(order.action, { what: 'complete_payment', url: '/api/payments/p', until });
  assert.deepEqual(order.waiting_for, { what: 'customer_payment', since: updated_at, until });
});
