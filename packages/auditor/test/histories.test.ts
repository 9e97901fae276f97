/** Random histories of a shop: what was given or given back as it should be has no finding, and whatever is missing is found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit, type OrderRecord, type ReservationRecord } from '@souk/auditor';
import { manualClock } from '@souk/kernel';
import fc from 'fast-check';
import {
  aCancellation,
  aCharge,
  aHistory,
  anOrder,
  aPayment,
  aProduct,
  aReservation,
  aShop,
  aStock,
  now_ms,
  orderId,
  orderMessages,
  productId,
  readerOf,
  refundId,
  type Shop,
} from './_support.ts';

type Fate = 'waiting' | 'sold_out' | 'declined' | 'confirmed' | 'completed' | 'cancelled_paid' | 'cancelled_early' | 'refunded_partly';
type Status = NonNullable<OrderRecord['status']>;

/** What each fate leaves behind: the history, the stock, what of the total was given back, and which messages there are. */
interface Traces {
  steps: Status[];
  reason?: string;
  reservation?: NonNullable<ReservationRecord['status']>;
  payment?: 'captured' | 'declined';
  given_back?: 'all' | 'a third';
  order_messages: string[];
}

const paid: Status[] = ['pending', 'awaiting_payment', 'confirmed'];
const traces: Readonly<Record<Fate, Traces>> = {
  waiting: { steps: ['pending'], order_messages: [] },
  sold_out: { steps: ['pending', 'cancelled'], reason: 'out_of_stock', reservation: 'rejected', order_messages: ['cancelled'] },
  cancelled_early: { steps: ['pending', 'cancelled'], reason: 'customer_request', reservation: 'tombstone', order_messages: ['cancelled'] },
  declined: {
    steps: ['pending', 'awaiting_payment', 'cancelled'],
    reason: 'payment_declined',
    reservation: 'released',
    payment: 'declined',
    order_messages: ['cancelled'],
  },
  confirmed: { steps: paid, reservation: 'held', payment: 'captured', order_messages: ['confirmed'] },
  cancelled_paid: {
    steps: [...paid, 'cancelled'],
    reason: 'staff_request',
    reservation: 'released',
    payment: 'captured',
    given_back: 'all',
    order_messages: ['confirmed', 'cancelled'],
  },
  completed: {
    steps: [...paid, 'shipped', 'completed'],
    reservation: 'shipped',
    payment: 'captured',
    order_messages: ['confirmed', 'shipped', 'completed'],
  },
  refunded_partly: {
    steps: [...paid, 'shipped', 'completed'],
    reservation: 'shipped',
    payment: 'captured',
    given_back: 'a third',
    order_messages: ['confirmed', 'shipped', 'completed'],
  },
};
const fates = Object.keys(traces) as Fate[];

/** The records of a shop to which these fates happened, everything taken and given back as it should be. */
function shopOf(orders: readonly { fate: Fate; quantity: number; price: number }[]): Shop {
  const shop = aShop({ orders: [], reservations: [], payments: [], provider: [], order_messages: [], cancellations: [] });
  for (const [number, order] of orders.entries()) addOrder(shop, orderId(number), order);
  const pieces = (status: ReservationRecord['status']): number =>
    shop.reservations.reduce((sum, one) => sum + (one.status === status ? (one.items[0]?.quantity ?? 0) : 0), 0);
  const [reserved, on_hand] = [pieces('held'), 1_000_000 - pieces('shipped')];
  shop.stock = [aStock({ on_hand, reserved })];
  shop.products = [aProduct({ stock_quantity: on_hand - reserved })];
  return shop;
}

function addOrder(shop: Shop, order_id: string, { fate, quantity, price }: { fate: Fate; quantity: number; price: number }): void {
  const { steps, reason = null, reservation, payment, given_back, order_messages } = traces[fate];
  const items = [{ product_id: productId(1), quantity }];
  const total_amount = price * quantity;
  const refunded = given_back === 'all' ? total_amount : given_back === 'a third' ? Math.floor(total_amount / 3) : 0;
  const status = steps.at(-1) ?? 'pending';
  const history = aHistory(steps, refunded > 0 ? [refundId(order_id)] : []);
  const deadline_at_ms = status === 'pending' ? now_ms + 60_000 : null;
  shop.orders.push(anOrder({ order_id, items, total_amount, status, cancel_reason: reason, history, deadline_at_ms }));
  if (reservation) shop.reservations.push(aReservation({ order_id, status: reservation, items: reservation === 'tombstone' ? [] : items }));
  if (payment) {
    const cancel_reason = given_back === 'all' ? reason : null;
    shop.payments.push(aPayment({ order_id, amount: total_amount, status: payment, refunded, cancel_reason }));
  } else if (reason) shop.cancellations.push(aCancellation({ order_id, reason }));
  if (payment === 'captured') shop.provider.push(aCharge({ key: order_id, charged: total_amount, refunded }));
  const events = [...order_messages.map((step) => `order.${step}`), ...(refunded > 0 ? ['payment.refunded'] : [])];
  if (events.length > 0) shop.order_messages.push(orderMessages(Object.fromEntries(events.map((event_type) => [event_type, 1])), order_id));
}

const histories = fc.array(
  fc.record({ fate: fc.constantFrom(...fates), quantity: fc.integer({ min: 1, max: 20 }), price: fc.integer({ min: 3, max: 100_000 }) }),
  { minLength: 1, maxLength: 40 },
);

test('a history in which everything taken was given or given back has no finding', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (orders) => {
      const report = await audit({ records: readerOf(shopOf(orders)), clock: manualClock(now_ms) });
      assert.deepEqual(report.violations, []);
      assert.equal(report.counts.orders, orders.length);
    }),
    { numRuns: 100 },
  );
});

test('one unit of money that went astray in any history is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories,
      fc.nat(),
      fc.constantFrom('captured', 'refunded', 'refunds_pending', 'amount' as const),
      async (orders, chosen, member) => {
        const shop = shopOf(orders);
        fc.pre(shop.payments.length > 0);
        const index = chosen % shop.payments.length;
        const payment = shop.payments[index] as (typeof shop.payments)[number];
        shop.payments[index] = { ...payment, [member]: payment[member as 'captured'] + 1 };
        const report = await audit({ records: readerOf(shop), clock: manualClock(now_ms) });
        assert.ok(
          report.violations.some((found) => found.ids.includes(payment.order_id)),
          JSON.stringify(report.violations),
        );
      },
    ),
    { numRuns: 100 },
  );
});

test('an order of which one service lost its part is found, whatever the others say', () => {
  return fc.assert(
    fc.asyncProperty(
      histories,
      fc.constantFrom('orders', 'reservations', 'payments', 'provider', 'order_messages' as const),
      async (orders, kind) => {
        const shop = shopOf(orders.map((order) => ({ ...order, fate: 'confirmed' as const })));
        const [lost] = shop[kind as 'orders'].splice(0, 1);
        const report = await audit({ records: readerOf(shop), clock: manualClock(now_ms) });
        assert.ok(report.violations.some((found) => found.ids.includes(lost?.key ?? '')));
      },
    ),
    { numRuns: 40 },
  );
});
