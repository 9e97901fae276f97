/** Each rule broken once, by facts that nothing but a fault could bring about. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit, checkMessaging } from '@souk/auditor';
import { manualClock } from '@souk/kernel';
import {
  aCharge,
  aMessaging,
  aNotification,
  anOrder,
  aPayment,
  aProduct,
  aReservation,
  aShop,
  aStock,
  aTelling,
  now_ms,
  orderId,
  productId,
  readerOf,
  type Shop,
} from './_support.ts';

const hourMs = 3_600_000;
const rulesOf = async (shop: Shop): Promise<string[]> => {
  const report = await audit({ facts: readerOf(shop), clock: manualClock(now_ms), grace_ms: 60_000 });
  assert.equal(report.balanced, report.violations.length === 0);
  return report.violations.map((found) => found.rule);
};
const long_ago_ms = now_ms - 2 * hourMs;
const cancelled = anOrder({ status: 'cancelled' });
const released = aReservation({ status: 'released' });
const givenBack = aPayment({ refunded: 25_990 });
const refundedCharge = aCharge({ refunded: 25_990 });

const broken: readonly [string, string[], Partial<Shop>][] = [
  [
    'an order waits long after its deadline',
    ['deadline_passed'],
    { orders: [anOrder({ status: 'pending', deadline_at_ms: now_ms - 300_000 })], reservations: [], payments: [], provider: [] },
  ],
  [
    'an order waits for money long after its deadline',
    ['deadline_passed'],
    { orders: [anOrder({ status: 'awaiting_payment', deadline_at_ms: now_ms - 300_000 })], payments: [], provider: [] },
  ],
  ['a reservation belongs to no order', ['reservation_without_order'], { orders: [], payments: [], provider: [] }],
  [
    'a payment belongs to no order',
    ['payment_without_order'],
    { orders: [], reservations: [], payments: [aPayment({ status: 'requested', captured: 0 })], provider: [] },
  ],
  ['the provider charged for an order that nobody knows', ['charge_without_order'], { orders: [], reservations: [], payments: [] }],
  ['an order is confirmed without a payment', ['sold_without_money'], { payments: [], provider: [] }],
  [
    'an order is confirmed with a declined payment',
    ['sold_without_money'],
    { payments: [aPayment({ status: 'declined', captured: 0 })], provider: [] },
  ],
  [
    'less was captured than the order is over',
    ['captured_differs_from_total'],
    { payments: [aPayment({ captured: 25_989 })], provider: [aCharge({ charged: 25_989 })] },
  ],
  [
    'another currency was captured',
    ['captured_differs_from_total'],
    { payments: [aPayment({ currency: 'USD' })], provider: [aCharge({ currency: 'USD' })] },
  ],
  ['an order is confirmed without a reservation', ['sold_without_stock'], { reservations: [] }],
  ['an order is confirmed and its stock was released', ['sold_without_stock'], { reservations: [released] }],
  ['an order is shipped and its stock never left', ['sold_without_stock'], { orders: [anOrder({ status: 'shipped' })] }],
  [
    'other things are reserved than were ordered',
    ['reserved_differs_from_items'],
    { reservations: [aReservation({ items: [{ product_id: orderId(9), quantity: 2 }] })] },
  ],
  [
    'fewer pieces are reserved than were ordered',
    ['reserved_differs_from_items'],
    { reservations: [aReservation({ items: [{ product_id: anOrder().items[0]?.product_id ?? '', quantity: 1 }] })] },
  ],
  [
    'a cancelled order still holds stock',
    ['cancelled_holds_stock'],
    { orders: [cancelled], payments: [givenBack], provider: [refundedCharge] },
  ],
  [
    'goods of a cancelled order left the house',
    ['cancelled_holds_stock'],
    { orders: [cancelled], reservations: [aReservation({ status: 'shipped' })], payments: [givenBack], provider: [refundedCharge] },
  ],
  ['a cancelled order keeps the money', ['cancelled_keeps_money'], { orders: [cancelled], reservations: [released] }],
  [
    'a cancelled order keeps a part of the money',
    ['cancelled_keeps_money'],
    {
      orders: [cancelled],
      reservations: [released],
      payments: [aPayment({ refunded: 25_000 })],
      provider: [aCharge({ refunded: 25_000 })],
    },
  ],
  [
    'a refund has been pending for hours',
    ['refund_overdue'],
    {
      orders: [cancelled],
      reservations: [released],
      payments: [aPayment({ refunds_pending: 25_990, oldest_pending_refund_at_ms: now_ms - 2 * hourMs })],
    },
  ],
  [
    'the payment of a cancelled order is unknown for hours',
    ['payment_unsettled'],
    {
      orders: [anOrder({ status: 'cancelled', updated_at_ms: now_ms - 2 * hourMs })],
      reservations: [released],
      payments: [aPayment({ status: 'unknown', captured: 0 })],
      provider: [],
      told: [aTelling({ 'order.cancelled': 1 })],
    },
  ],
  ['the transfers do not sum to what the payment says', ['ledger_unbalanced'], { payments: [aPayment({ ledger_net: 25_989 })] }],
  ['the provider charged in another currency', ['charged_differs'], { provider: [aCharge({ currency: 'JPY' })] }],
  ['a refund is recorded twice', ['refunds_differ'], { payments: [aPayment({ refunds_done: 990 })] }],
  ['the items do not come to the total', ['total_differs_from_items'], { orders: [anOrder({ items_amount: 100 })] }],
  ['the provider charged twice', ['charged_twice', 'charged_differs'], { provider: [aCharge({ charges: 2, charged: 51_980 })] }],
  [
    'the provider charged and no payment is known',
    ['charged_differs'],
    { orders: [anOrder({ status: 'pending' })], reservations: [], payments: [] },
  ],
  ['the provider knows nothing of a captured payment', ['charged_differs'], { provider: [] }],
  [
    'the provider charged for a declined payment',
    ['charged_differs'],
    { orders: [cancelled], reservations: [released], payments: [aPayment({ status: 'declined', captured: 0 })] },
  ],
  [
    'the provider refunded less than is recorded',
    ['refunded_differs'],
    { orders: [cancelled], reservations: [released], payments: [givenBack] },
  ],
  ['the provider refunded what nobody asked for', ['refunded_differs'], { provider: [aCharge({ refunded: 1 })] }],
  ['stock on hand is not the sum of its movements', ['on_hand_differs'], { stock: [aStock({ on_hand: 51 })] }],
  ['reserved stock is not the sum of its movements', ['reserved_differs'], { stock: [aStock({ movements_reserved: 3 })] }],
  ['reserved stock is not what orders hold', ['reserved_differs'], { stock: [aStock({ held_reserved: 1 })] }],
  ['more is promised than is there', ['oversold'], { stock: [aStock({ on_hand: 1, movements_on_hand: 1 })] }],
  ['less than nothing is promised', ['oversold'], { stock: [aStock({ reserved: -1, movements_reserved: -1, held_reserved: -1 })] }],
  [
    'a product has no record of stock',
    ['stock_missing'],
    { products: [aProduct(), aProduct({ product_id: productId(2), created_at_ms: long_ago_ms })] },
  ],
  ['nobody was told of a confirmation', ['never_told'], { orders: [anOrder({ updated_at_ms: long_ago_ms })], told: [] }],
  [
    'somebody was told of the confirmation and not of the parcel',
    ['never_told'],
    { orders: [anOrder({ status: 'shipped', updated_at_ms: long_ago_ms })], reservations: [aReservation({ status: 'shipped' })] },
  ],
  [
    'nobody was told of a cancellation',
    ['never_told'],
    {
      orders: [anOrder({ status: 'cancelled', updated_at_ms: long_ago_ms })],
      reservations: [released],
      payments: [givenBack],
      provider: [refundedCharge],
      told: [aTelling({ 'order.confirmed': 1, 'payment.refunded': 2 })],
    },
  ],
  ['one confirmation was told as two', ['told_twice'], { told: [aTelling({ 'order.confirmed': 2 })] }],
  ['a person was told twice', ['told_twice'], { notifications: [aNotification({ count: 2 })] }],
  [
    'an outbox is stuck although the broker answers',
    ['outbox_stuck'],
    { messaging: { orders: [aMessaging({ outbox_backlog: 7, outbox_oldest_age_s: 90 })] } },
  ],
];

for (const [what, rules, parts] of broken) {
  test(`it is found when ${what}`, async () => {
    assert.deepEqual(await rulesOf(aShop(parts)), rules);
  });
}

const fine: readonly [string, Partial<Shop>][] = [
  ['nothing was ever sold', { orders: [], reservations: [], payments: [], provider: [], stock: [], notifications: [] }],
  ['an order is confirmed', {}],
  ['an order was confirmed just now, and its mail is on the way', { told: [] }],
  ['a product was made just now, and its stock is on the way', { products: [aProduct(), aProduct({ product_id: productId(2) })] }],
  [
    'an order waits within its deadline',
    { orders: [anOrder({ status: 'pending', deadline_at_ms: now_ms + 1 })], reservations: [], payments: [], provider: [] },
  ],
  ['an order is completed', { orders: [anOrder({ status: 'completed' })], reservations: [aReservation({ status: 'shipped' })] }],
  [
    'an order was cancelled before anything happened',
    { orders: [cancelled], reservations: [aReservation({ status: 'tombstone', items: [] })], payments: [], provider: [] },
  ],
  ['an order was sold out', { orders: [cancelled], reservations: [aReservation({ status: 'rejected' })], payments: [], provider: [] }],
  [
    'an order was cancelled and paid back',
    { orders: [cancelled], reservations: [released], payments: [givenBack], provider: [refundedCharge] },
  ],
  [
    'a part of a shipped order was paid back',
    {
      orders: [anOrder({ status: 'shipped' })],
      reservations: [aReservation({ status: 'shipped' })],
      payments: [aPayment({ refunded: 990 })],
      provider: [aCharge({ refunded: 990 })],
    },
  ],
  [
    'the lines of an order and its reservation are in another order',
    {
      orders: [
        anOrder({
          items: [
            { product_id: orderId(1), quantity: 1 },
            { product_id: orderId(2), quantity: 3 },
          ],
        }),
      ],
      reservations: [
        aReservation({
          items: [
            { product_id: orderId(2), quantity: 3 },
            { product_id: orderId(1), quantity: 1 },
          ],
        }),
      ],
    },
  ],
  [
    'a cancellation came before its order was heard of',
    { orders: [], reservations: [aReservation({ status: 'tombstone', items: [] })], payments: [], provider: [] },
  ],
];

for (const [what, parts] of fine) {
  test(`nothing is found when ${what}`, async () => {
    assert.deepEqual(await rulesOf(aShop(parts)), []);
  });
}

test('a refund under way, dead letters and an outbox that waits for the broker are warnings', async () => {
  const shop = aShop({
    orders: [cancelled],
    reservations: [released],
    payments: [aPayment({ refunds_pending: 25_990, oldest_pending_refund_at_ms: now_ms - 1_000 })],
    messaging: { orders: [aMessaging({ dead_letters: 3, outbox_backlog: 7, outbox_oldest_age_s: 90, broker_connected: false })] },
  });
  const report = await audit({ facts: readerOf(shop), clock: manualClock(now_ms) });
  assert.equal(report.balanced, true);
  assert.deepEqual(
    report.warnings.map((found) => found.rule),
    ['refunds_pending', 'outbox_stuck', 'dead_letters'],
  );
  assert.equal(checkMessaging('orders', aMessaging()).violations.length, 0);
});

test('every finding names the order, payment or product it is about', async () => {
  for (const [what, , parts] of broken) {
    const report = await audit({ facts: readerOf(aShop(parts)), clock: manualClock(now_ms) });
    for (const found of report.violations) assert.ok(found.ids.length > 0 && found.detail.length > 0, what);
  }
});
