/**
 * What must be true of one order, as pure functions over records. A rule says what is wrong now; whether it may still be in
 * flight is for the audit to find out by looking again.
 */
import type { RestoredWindow, Suspicion } from '../audit-records.ts';
import { checkBooks } from './check-books.ts';
import { checkCart, checkDeadline, checkHistory, checkKeys, checkLost, checkTimes } from './check-history.ts';
import { checkMessages } from './check-messages.ts';
import { checkPayment } from './check-money.ts';
import { checkParcels } from './check-parcels.ts';
import { checkRedemptions } from './check-redemptions.ts';
import { checkReturns } from './check-returns.ts';
import { checkMovements, checkReservation } from './check-stock.ts';
import { type KnownOrder, knownOrder, type OrderRecords } from './order-records.ts';

/** What is wrong with one order at `now` (epoch milliseconds): its history, its stock, its money, its messages, and records without an order. */
export function checkOrder(records: OrderRecords, now: number, restored: readonly RestoredWindow[] = []): Suspicion[] {
  const order = knownOrder(records);
  if (!order) return orphans(records, now);
  const found = checkAll(order, records, now);
  const lost = lostTraces(order, restored);
  return found.filter(({ rule }) => !lost.has(rule));
}

/**
 * What a cancelled order leaves behind besides its money and its stock: how far it had come. Where the copy of a participant was taken
 * before the cancellation, only that comes back which gives back what the order held.
 */
const tracesOfCancelled: ReadonlySet<string> = new Set([
  'rejection_differs',
  'declined_differs',
  'payment_missing',
  'never_told',
  'refunds_not_noted',
]);

/**
 * What held the stock of an order that came to await its payment may have been in no copy. Its creation is published once more, and
 * a cancellation after the restore may overtake it: these are two queues, and then nothing is held for the order at all.
 */
const tracesOfAwaited: ReadonlySet<string> = new Set(['rejection_differs']);
const noTraces: ReadonlySet<string> = new Set();

/** Which traces of a cancelled order a restore may have lost. */
function lostTraces({ status, updated_at_ms, history }: KnownOrder, restored: readonly RestoredWindow[]): ReadonlySet<string> {
  if (status !== 'cancelled') return noTraces;
  const isWithinOne = (at_ms: number) => restored.some(({ since_ms, until_ms }) => since_ms <= at_ms && at_ms <= until_ms);
  if (isWithinOne(updated_at_ms)) return tracesOfCancelled;
  return history.some(({ from, to, at_ms }) => to === 'awaiting_payment' && from !== to && isWithinOne(at_ms)) ? tracesOfAwaited : noTraces;
}

/** A part of what must be true of an order, as people read it. */
interface OrderRule {
  name: string;
  statement: string;
  check(order: KnownOrder, records: OrderRecords, now: number): Suspicion[];
}

const orderRules: readonly OrderRule[] = [
  {
    name: 'history',
    statement: 'Its status is where its history leads, line by line, and no line lies in the future.',
    check: (order, _records, now) => [...checkHistory(order), ...checkTimes(order, now)],
  },
  { name: 'idempotency_key', statement: 'The key it was placed under placed no other order.', check: (order) => checkKeys(order) },
  { name: 'cart', statement: 'The saved cart it was placed from was emptied with it.', check: (order) => checkCart(order) },
  {
    name: 'promotions',
    statement: 'What promotions took off is what it used of them, and a cancelled order uses none.',
    check: (order) => checkRedemptions(order),
  },
  { name: 'deadline', statement: 'It waits for nothing past its deadline.', check: (order, _records, now) => checkDeadline(order, now) },
  {
    name: 'stock',
    statement: 'What is held for it, or has left, is exactly its pieces, and each is booked once.',
    check: (order, records) => checkReservation(order, records),
  },
  {
    name: 'parcels',
    statement: 'No piece is in two parcels, and what is in them is what left the stock.',
    check: (order, records) => checkParcels(order, records),
  },
  {
    name: 'returns',
    statement: 'No more came back than was sent, and stock and money followed it once.',
    check: (order, records) => checkReturns(order, records),
  },
  {
    name: 'payment',
    statement: 'It is paid exactly once and exactly its total, or nothing of it is kept.',
    check: (order, records, now) => checkPayment(order, records, now),
  },
  {
    name: 'provider',
    statement: 'Payments, its ledger and the record of the payment provider agree to the smallest unit.',
    check: (_order, records, now) => checkBooks(records, now),
  },
  {
    name: 'messages',
    statement: 'Its customer was sent one message about each step that asks for one.',
    check: (order, records) => checkMessages(order, records),
  },
];

function checkAll(order: KnownOrder, records: OrderRecords, now: number): Suspicion[] {
  return orderRules.flatMap(({ check }) => check(order, records, now));
}

export interface RuleOutcome {
  name: string;
  statement: string;
  /** Codes of what differs at this moment; it may still be on its way. */
  found: string[];
}

/** What each rule says of an order at `now`; nothing where the order is not known. */
export function outcomesOf(records: OrderRecords, now: number, restored: readonly RestoredWindow[] = []): RuleOutcome[] {
  const order = knownOrder(records);
  if (!order) return [];
  const lost = lostTraces(order, restored);
  return orderRules.map(({ name, statement, check }) => {
    const found = check(order, records, now).filter(({ rule }) => !lost.has(rule));
    return { name, statement, found: [...new Set(found.map(({ rule }) => rule))].sort() };
  });
}

function orphans(records: OrderRecords, now: number): Suspicion[] {
  const { order_id, order, reservation, payment, cancellation, provider, order_messages } = records;
  const ids = [order_id];
  const found: Suspicion[] = order ? checkLost(order) : [];
  if (reservation?.status)
    found.push({ rule: 'reservation_without_order', detail: `a reservation (${reservation.status}) belongs to no order`, ids });
  found.push(...checkMovements(records));
  if (payment) found.push({ rule: 'payment_without_order', detail: 'a payment belongs to no order', ids: [order_id, payment.payment_id] });
  if (cancellation) found.push({ rule: 'cancellation_without_order', detail: 'a cancellation belongs to an unknown order', ids });
  if (provider && !payment) found.push({ rule: 'charge_without_order', detail: 'the provider charged for an unknown order', ids });
  if (payment) found.push(...checkBooks(records, now));
  if (order_messages)
    found.push({ rule: 'message_without_order', detail: `${order_messages.messages.length} messages belong to an unknown order`, ids });
  return found;
}
