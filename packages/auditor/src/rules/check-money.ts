/** Money: the payment of an order against the order. */
import type { OrderStatus, PaymentRecord, Suspicion } from '../audit-records.ts';
import { openStatuses } from './check-books.ts';
import { checkTotal } from './check-total.ts';
import { hasBeen, hourMs, type KnownOrder, money, type OrderRecords } from './order-records.ts';
import { isOwed, wasGiven } from './refund-fates.ts';

const sold: readonly OrderStatus[] = ['confirmed', 'shipped', 'completed'];

/** What is wrong between an order and its payment. */
export function checkPayment(order: KnownOrder, records: OrderRecords, now: number): Suspicion[] {
  const { payment } = records;
  return [
    ...checkAmounts(order, payment),
    ...checkExpected(order, payment),
    ...(sold.includes(order.status) ? checkSold(order, payment) : []),
    ...(order.status === 'cancelled' ? checkCancelled(order, records, now) : checkNotCancelled(order, records)),
    ...(payment ? [...checkRefundNotes(order, payment), ...checkDisputeNotes(order, payment)] : []),
  ];
}

function checkAmounts(order: KnownOrder, payment: PaymentRecord | undefined): Suspicion[] {
  const ids = [order.order_id];
  const found = checkTotal(order);
  if (!payment) return found;
  if (payment.user_id !== order.user_id) {
    const detail = `the order belongs to user ${order.user_id}, its payment to user ${payment.user_id}`;
    found.push({ rule: 'user_differs', detail, ids: [...ids, payment.payment_id] });
  }
  if (payment.amount !== order.total_amount || (payment.status !== 'captured' && payment.currency !== order.currency)) {
    const detail = `order is over ${money(order.total_amount, order.currency)}, its payment over ${money(payment.amount, payment.currency)}`;
    found.push({ rule: 'payment_differs_from_total', detail, ids: [...ids, payment.payment_id] });
  }
  if (payment.status === 'captured' && (payment.captured !== order.total_amount || payment.currency !== order.currency)) {
    const detail = `order is over ${money(order.total_amount, order.currency)}, captured was ${money(payment.captured, payment.currency)}`;
    found.push({ rule: 'captured_differs_from_total', detail, ids: [...ids, payment.payment_id] });
  }
  return found;
}

/** A payment is asked for when the stock is reserved, not before; and what was asked for is there. */
function checkExpected(order: KnownOrder, payment: PaymentRecord | undefined): Suspicion[] {
  const asked = hasBeen(order, 'awaiting_payment', ...sold);
  if (payment && !asked)
    return [
      {
        rule: 'payment_unexpected',
        detail: `order is ${order.status} and never asked for its payment`,
        ids: [order.order_id, payment.payment_id],
      },
    ];
  if (order.status !== 'awaiting_payment') return [];
  if (payment && openStatuses.includes(payment.status)) return [];
  const detail = `order awaits its payment, which is ${payment?.status ?? 'missing'}, and nothing is on its way`;
  return [{ rule: 'answer_lost', detail, ids: [order.order_id], explained_by_dead_letter: true }];
}

function checkSold(order: KnownOrder, payment: PaymentRecord | undefined): Suspicion[] {
  if (payment?.status === 'captured') return [];
  const detail = `order is ${order.status}, its payment is ${payment?.status ?? 'missing'}`;
  return [{ rule: 'sold_without_money', detail, ids: [order.order_id] }];
}

function checkCancelled(order: KnownOrder, { payment, cancellation }: OrderRecords, now: number): Suspicion[] {
  const known = [payment?.cancel_reason ?? undefined, cancellation?.reason].filter((reason) => reason !== undefined);
  const ids = payment ? [order.order_id, payment.payment_id] : [order.order_id];
  const found: Suspicion[] = [];
  // A payment that was declined before is not touched by the cancellation.
  if (known.length === 0 && payment?.status !== 'declined')
    found.push({ rule: 'cancellation_unknown', detail: 'order is cancelled, payments knows nothing of it', ids });
  const other = known.find((reason) => reason !== order.cancel_reason);
  if (other)
    found.push({ rule: 'cancellation_differs', detail: `order was cancelled for ${order.cancel_reason}, payments says ${other}`, ids });
  if (!payment) {
    if (hasBeen(order, 'awaiting_payment'))
      found.push({ rule: 'payment_missing', detail: 'the payment that was asked for is not there', ids });
    return found;
  }
  if (order.cancel_reason === 'payment_declined' && payment.status !== 'declined')
    found.push({ rule: 'declined_differs', detail: `order was cancelled for a declined payment, which is ${payment.status}`, ids });
  const kept = payment.captured - payment.refunded - payment.refunds_pending;
  if (kept !== 0 && !isAccountedFor(payment, kept)) {
    const detail = `order is cancelled, ${money(kept, payment.currency)} was not given back`;
    found.push({ rule: 'cancelled_keeps_money', detail, ids });
  }
  const oldest = Math.min(...payment.refunds.filter((refund) => refund.status === 'pending').map((refund) => refund.created_at_ms));
  if (now - oldest > hourMs) found.push({ rule: 'refund_overdue', detail: 'a refund has been pending for more than an hour', ids });
  if (openStatuses.includes(payment.status) && now - order.updated_at_ms > hourMs) {
    const detail = `order was cancelled more than an hour ago, its payment is ${payment.status}`;
    found.push({ rule: 'payment_unsettled', detail, ids });
  }
  return found;
}

/** What is kept of a cancelled order because staff has to act first, or a bank has it: disputes, and refunds that failed. */
function isAccountedFor({ disputes = [], disputed = 0, refunds }: PaymentRecord, kept: number): boolean {
  // A bank may take back what was refunded before; and while it decides, nothing more is given back.
  if (disputed > 0 && (kept <= disputed || disputes.some(({ state }) => state === 'open'))) return true;
  const failed = refunds.reduce((sum, refund) => sum + (isOwed(refund) ? refund.amount : 0), 0);
  return failed > 0 && kept === failed + disputed;
}

/** An order that is not cancelled has no cancellation and gives nothing back for one. */
function checkNotCancelled(order: KnownOrder, { payment, cancellation }: OrderRecords): Suspicion[] {
  const found: Suspicion[] = [];
  const ids = payment ? [order.order_id, payment.payment_id] : [order.order_id];
  const reason = payment?.cancel_reason ?? cancellation?.reason;
  if (reason !== undefined && reason !== null)
    found.push({ rule: 'cancelled_elsewhere', detail: `order is ${order.status}, payments has it as cancelled (${reason})`, ids });
  const refund = payment?.refunds.find(({ kind }) => kind === 'cancellation');
  if (refund) {
    const detail = `order is ${order.status}, and ${money(refund.amount, refund.currency)} are given back for its cancellation (${refund.status})`;
    found.push({ rule: 'refund_without_cancellation', detail, ids: [...ids, refund.id] });
  }
  return found;
}

/** Each refund that is done stands in the history once, and none that is not; likewise money that came after the cancellation. */
function checkRefundNotes(order: KnownOrder, payment: PaymentRecord): Suspicion[] {
  const done = payment.refunds.filter(wasGiven).map(({ id }) => `refund:${id}`);
  const failed = payment.refunds.filter(({ failed_from }) => failed_from !== undefined).map(({ id }) => `refund_failed:${id}`);
  const late = order.status === 'cancelled' && payment.status === 'captured' && !hasBeen(order, 'confirmed');
  const expected = [...done, ...failed, ...(late ? [`payment:${payment.payment_id}`] : [])].sort();
  const noted = order.history
    .flatMap(({ note_key }) => (note_key !== null && /^(refund|refund_failed|payment):/.test(note_key) ? [note_key] : []))
    .sort();
  if (expected.join() === noted.join()) return [];
  const detail = `the history notes ${noted.join(', ') || 'no money'}, and ought to note ${expected.join(', ') || 'none'}`;
  return [{ rule: 'refunds_not_noted', detail, ids: [order.order_id, payment.payment_id], explained_by_dead_letter: true }];
}

/** How each dispute stands is in the history. */
function checkDisputeNotes({ order_id, history }: KnownOrder, { payment_id, disputes = [] }: PaymentRecord): Suspicion[] {
  const missing = disputes.filter(({ id, state }) => !history.some(({ note_key }) => note_key === `dispute:${id}:${state}`));
  return missing.map(({ id, state }) => ({
    rule: 'dispute_not_noted',
    detail: `the history does not note that dispute ${id} is ${state}`,
    ids: [order_id, payment_id, id],
    explained_by_dead_letter: true,
  }));
}
