/** What is right is not found, and what explains itself is a warning. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit, checkMessaging } from '@souk/auditor';
import { manualClock } from '@souk/kernel';
import {
  awaiting,
  cancelled,
  cancelledHistory,
  declined,
  early,
  hourMs,
  messagesOfAll,
  nothing,
  type Parts,
  rulesOf,
  shipped,
  soldOut,
  taxAdded,
  taxed,
  waiting,
} from './_states.ts';
import {
  aCatalogueEntry,
  aCharge,
  aHistory,
  aMessaging,
  aNote,
  anOrder,
  aPayment,
  aProduct,
  aReservation,
  aShop,
  now_ms,
  orderId,
  orderMessages,
  paymentId,
  productId,
  readerOf,
  refundId,
  userId,
} from './_support.ts';

const fine: readonly [string, Parts][] = [
  ['nothing was ever sold', { ...nothing, orders: [], notifications: [] }],
  ['an order is confirmed', {}],
  ['an order has tax inside and shipping', taxed()],
  ['an order has tax on top', taxAdded],
  ['an order waits within its deadline', waiting({ status: 'pending' })],
  ['an order awaits its money', awaiting],
  ['an order is completed', { ...shipped, orders: [anOrder({ status: 'completed' })], order_messages: [orderMessages(messagesOfAll)] }],
  ['an order was cancelled before anything happened', early],
  ['an order was sold out', soldOut],
  ['an order was cancelled while its rejection was on its way', { ...early, reservations: [aReservation({ status: 'rejected' })] }],
  ['an order was declined', declined],
  ['an order was cancelled and paid back', cancelled],
  [
    'money came after the cancellation',
    {
      ...cancelled,
      orders: [
        anOrder({
          status: 'cancelled',
          history: [
            ...aHistory(['pending', 'awaiting_payment', 'cancelled'], [refundId()]),
            aNote(3, 'cancelled', `payment:${paymentId()}`),
          ],
        }),
      ],
      order_messages: [orderMessages({ 'order.cancelled': 1, 'payment.refunded': 1 })],
    },
  ],
  [
    'the address of an erased customer is gone',
    {
      ...cancelled,
      orders: [
        anOrder({
          status: 'cancelled',
          history: [...cancelledHistory, aNote(5, 'cancelled', `erasure:${userId(1)}`)],
        }),
      ],
    },
  ],
  [
    'a part of a shipped order was paid back',
    {
      ...shipped,
      orders: [anOrder({ status: 'shipped', history: aHistory(['pending', 'awaiting_payment', 'confirmed', 'shipped'], [refundId()]) })],
      payments: [aPayment({ refunded: 990 })],
      provider: [aCharge({ refunded: 990 })],
      order_messages: [orderMessages({ 'order.confirmed': 1, 'order.shipped': 1, 'payment.refunded': 1 })],
    },
  ],
  [
    'an order was free',
    {
      orders: [anOrder({ total_amount: 0 })],
      payments: [aPayment({ amount: 0 })],
      provider: [aCharge({ charged: 0 })],
    },
  ],
  [
    'the key of an order was used again when it was forgotten',
    { orders: [anOrder({ created_at_ms: now_ms - 48 * hourMs, key_answers: { order_id: orderId(2), created_at_ms: now_ms } })] },
  ],
  [
    'one product is on two lines of the order',
    {
      orders: [
        anOrder({
          items: [
            { product_id: productId(1), quantity: 1 },
            { product_id: productId(1), quantity: 1 },
          ],
        }),
      ],
    },
  ],
  [
    'what is archived was heard of by orders only as that',
    {
      products: [aProduct({ status: 'archived', version: 2 })],
      catalogue: [aCatalogueEntry({ status: 'archived', product_version: 2, price: null, name: null })],
    },
  ],
];

for (const [what, parts] of fine) {
  test(`nothing is found when ${what}`, async () => assert.deepEqual(await rulesOf(aShop(parts)), []));
}

test('a refund under way, dead letters and an outbox that waits for the broker are warnings', async () => {
  const shop = aShop({
    ...cancelled,
    orders: [anOrder({ status: 'cancelled' })],
    payments: [aPayment({ refunds_pending: 25_990, cancel_reason: 'customer_request' })],
    provider: [aCharge()],
    order_messages: [orderMessages({ 'order.confirmed': 1, 'order.cancelled': 1 })],
    messaging: { orders: [aMessaging({ dead_letters: 3, outbox_backlog: 7, outbox_oldest_age_s: 90, broker_connected: false })] },
  });
  const report = await audit({ records: readerOf(shop), clock: manualClock(now_ms) });
  assert.deepEqual(report.violations, []);
  assert.deepEqual(
    report.warnings.map((found) => found.rule),
    ['refunds_pending', 'outbox_stuck', 'dead_letters'],
  );
  assert.equal(checkMessaging('orders', aMessaging()).violations.length, 0);
});

test('an answer that became a dead letter is no violation: whoever replays the letter mends it', async () => {
  const shop = aShop({
    ...awaiting,
    payments: [aPayment()],
    provider: [aCharge()],
    messaging: { orders: [aMessaging({ dead_letters: 1 })] },
  });
  assert.deepEqual(await rulesOf(shop), []);
});
