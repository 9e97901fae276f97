/** Shops in which one order has come to one state, everything in balance; and how a table of broken ones is tried. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit, type OrderRecord } from '@souk/auditor';
import { manualClock } from '@souk/kernel';
import {
  aCancellation,
  aCharge,
  aHistory,
  anOrder,
  aPayment,
  aReservation,
  aShop,
  now_ms,
  orderMessages,
  productId,
  readerOf,
  refundId,
  type Shop,
} from './_support.ts';

export type Parts = Partial<Shop>;
/** What is wrong, the rules that find it, and the parts of the shop that make it so. */
export type Broken = readonly [string, string[], Parts];

export const hourMs = 3_600_000;
export const long_ago_ms = now_ms - 2 * hourMs;

/** The rules that find something, each once, in order of name; every finding says of what. */
export async function rulesOf(shop: Shop): Promise<string[]> {
  const report = await audit({ records: readerOf(shop), clock: manualClock(now_ms), grace_ms: 60_000 });
  assert.equal(report.balanced, report.violations.length === 0);
  for (const found of report.violations) assert.ok(found.ids.length > 0 && found.detail.length > 0, found.rule);
  return [...new Set(report.violations.map((found) => found.rule))].sort();
}

/** A test for each. */
export function eachIsFound(broken: readonly Broken[]): void {
  for (const [what, rules, parts] of broken)
    test(`it is found when ${what}`, async () => assert.deepEqual(await rulesOf(aShop(parts)), rules));
}

export const messagesOfAll = { 'order.confirmed': 1, 'order.shipped': 1, 'order.completed': 1 };
export const shipped: Parts = {
  orders: [anOrder({ status: 'shipped' })],
  reservations: [aReservation({ status: 'shipped' })],
  order_messages: [orderMessages({ 'order.confirmed': 1, 'order.shipped': 1 })],
};
export const cancelledHistory = aHistory(['pending', 'awaiting_payment', 'confirmed', 'cancelled'], [refundId()]);
/** Confirmed, cancelled and given back. */
export const cancelled = {
  orders: [anOrder({ status: 'cancelled', history: cancelledHistory })],
  reservations: [aReservation({ status: 'released' })],
  payments: [aPayment({ refunded: 25_990, cancel_reason: 'customer_request' })],
  provider: [aCharge({ refunded: 25_990 })],
  order_messages: [orderMessages({ 'order.confirmed': 1, 'order.cancelled': 1, 'payment.refunded': 1 })],
} satisfies Parts;
/** Cancelled before anything happened. */
export const early = {
  orders: [anOrder({ status: 'cancelled', history: aHistory(['pending', 'cancelled']) })],
  reservations: [aReservation({ status: 'tombstone', items: [] })],
  payments: [],
  cancellations: [aCancellation()],
  provider: [],
  order_messages: [orderMessages({ 'order.cancelled': 1 })],
} satisfies Parts;
export const soldOut = {
  ...early,
  orders: [anOrder({ status: 'cancelled', cancel_reason: 'out_of_stock', history: aHistory(['pending', 'cancelled']) })],
  reservations: [aReservation({ status: 'rejected' })],
  cancellations: [aCancellation({ reason: 'out_of_stock' })],
} satisfies Parts;
export const declined = {
  ...early,
  orders: [
    anOrder({ status: 'cancelled', cancel_reason: 'payment_declined', history: aHistory(['pending', 'awaiting_payment', 'cancelled']) }),
  ],
  reservations: [aReservation({ status: 'released' })],
  payments: [aPayment({ status: 'declined' })],
  cancellations: [],
} satisfies Parts;
export const waiting = (values: Parameters<typeof anOrder>[0]): Parts => ({
  orders: [anOrder({ deadline_at_ms: now_ms + 1, ...values })],
  payments: [],
  provider: [],
  order_messages: [],
  ...(values?.status === 'pending' && { reservations: [] }),
});
export const awaiting = { ...waiting({ status: 'awaiting_payment' }), payments: [aPayment({ status: 'charging' })] };
/** An order with 19 % inside of its prices and 4.90 of shipping, and one with the tax on top. */
const taxedLine = { product_id: productId(1), quantity: 2, price: 12_750, line_total: 25_500, tax: 4_072, shipping: 490 };
const taxedTotals = {
  ...{ items_total: 25_500, shipping_total: 490, tax_total: 4_150, tax_included: true },
  tax_lines: [{ name: 'VAT', rate_ppm: 190_000, base: 21_840, amount: 4_150 }],
};
type Taxed = { line?: Partial<typeof taxedLine> & { paid?: number }; totals?: Partial<NonNullable<OrderRecord['totals']>> };
export const taxed = ({ line = {}, totals = {} }: Taxed = {}): Parts => ({
  orders: [anOrder({ items: [{ ...taxedLine, ...line }], totals: { ...taxedTotals, ...totals } })],
});
const { shipping: _shipping, ...unsent } = taxedLine;
export const taxAdded: Parts = {
  orders: [
    anOrder({
      items: [{ ...unsent, price: 10_920, line_total: 21_840, tax: 4_150, paid: 25_990 }],
      totals: { ...taxedTotals, items_total: 21_840, shipping_total: 0, tax_included: false },
    }),
  ],
};
export const nothing: Parts = { reservations: [], payments: [], provider: [], order_messages: [] };
