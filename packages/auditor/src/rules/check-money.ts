/** Money: the payment of an order against the order, its refunds, the double-entry ledger and the provider's own record. */
import type { OrderStatus, PaymentRecord, ProviderRecord, RefundRecord, Suspicion, TransferRecord } from '../audit-records.ts';
import { hasBeen, hourMs, type KnownOrder, money, type OrderRecords } from './order-records.ts';

const openStatuses: readonly PaymentRecord['status'][] = ['requested', 'charging', 'unknown'];
const sold: readonly OrderStatus[] = ['confirmed', 'shipped', 'completed'];
/** The longest a task waits for its next attempt is far below this. */
const dueMaxMs = hourMs;

/** What is wrong between an order and its payment. */
export function checkPayment(order: KnownOrder, records: OrderRecords, now: number): Suspicion[] {
  const { payment } = records;
  return [
    ...checkAmounts(order, payment),
    ...checkExpected(order, payment),
    ...(sold.includes(order.status) ? checkSold(order, payment) : []),
    ...(order.status === 'cancelled' ? checkCancelled(order, records, now) : checkNotCancelled(order, records)),
    ...(payment ? checkRefundNotes(order, payment) : []),
  ];
}

function checkAmounts(order: KnownOrder, payment: PaymentRecord | undefined): Suspicion[] {
  const ids = [order.order_id];
  const found: Suspicion[] = [];
  if (order.items_amount !== order.total_amount || order.lines_amount !== order.total_amount) {
    const [total, items, lines] = [order.total_amount, order.items_amount, order.lines_amount].map((sum) => money(sum, order.currency));
    found.push({
      rule: 'total_differs_from_items',
      detail: `order is over ${total}, its items come to ${items}, its lines to ${lines}`,
      ids,
    });
  }
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
  if (kept !== 0) {
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
  const done = payment.refunds.filter(({ status }) => status === 'done').map(({ id }) => `refund:${id}`);
  const late = order.status === 'cancelled' && payment.status === 'captured' && !hasBeen(order, 'confirmed');
  const expected = [...done, ...(late ? [`payment:${payment.payment_id}`] : [])].sort();
  const noted = order.history
    .flatMap(({ note_key }) => (note_key !== null && /^(refund|payment):/.test(note_key) ? [note_key] : []))
    .sort();
  if (expected.join() === noted.join()) return [];
  const detail = `the history notes ${noted.join(', ') || 'no money'}, and ought to note ${expected.join(', ') || 'none'}`;
  return [{ rule: 'refunds_not_noted', detail, ids: [order.order_id, payment.payment_id], explained_by_dead_letter: true }];
}

/** What is wrong between a payment, its refunds, the ledger and what the provider says, whatever the order is. */
export function checkBooks({ order_id, payment, provider }: OrderRecords, now: number): Suspicion[] {
  const ids = [order_id];
  const found: Suspicion[] = [];
  if (provider && !payment) found.push({ rule: 'charged_differs', detail: 'the provider charged, no payment is known', ids });
  if (provider && provider.charges > 1)
    found.push({ rule: 'charged_twice', detail: `the provider charged ${provider.charges} times`, ids });
  if (!payment) return found;
  return [
    ...found,
    ...checkRefundSums(payment, ids),
    ...checkLedger(payment, ids),
    ...checkDue(payment, ids, now),
    ...checkProvider(payment, provider, ids),
  ];
}

function checkRefundSums(payment: PaymentRecord, ids: string[]): Suspicion[] {
  const found: Suspicion[] = [];
  const sumOf = (status: RefundRecord['status']): number =>
    payment.refunds.reduce((sum, refund) => sum + (refund.status === status ? refund.amount : 0), 0);
  if (sumOf('done') !== payment.refunded || sumOf('pending') !== payment.refunds_pending) {
    const detail = `refunds over ${sumOf('done')} are done and over ${sumOf('pending')} pending, the payment says ${payment.refunded} and ${payment.refunds_pending} (minor units)`;
    found.push({ rule: 'refunds_differ', detail, ids });
  }
  const foreign = payment.refunds.find(({ currency }) => currency !== payment.currency);
  if (foreign)
    found.push({
      rule: 'refunds_differ',
      detail: `a refund is in ${foreign.currency}, the payment in ${payment.currency}`,
      ids: [...ids, foreign.id],
    });
  return found;
}

/** One transfer for the capture, one for each refund that is done, to and fro between the same two accounts. */
function checkLedger(payment: PaymentRecord, ids: string[]): Suspicion[] {
  const { currency, captured, refunds, transfers } = payment;
  const capture = { debit_account: 'provider', credit_account: 'sales', amount: captured, currency, refund_id: null };
  const back = refunds
    .filter(({ status }) => status === 'done')
    .map(({ id, amount }) => ({ debit_account: 'sales', credit_account: 'provider', amount, currency, refund_id: id }));
  const expected = [...(captured > 0 ? [capture] : []), ...back].map(transferText).sort();
  const booked = transfers.map(transferText).sort();
  if (expected.join() === booked.join()) return [];
  const detail = `booked is ${booked.join(', ') || 'nothing'}, and ought to be ${expected.join(', ') || 'nothing'} (minor units)`;
  return [{ rule: 'ledger_unbalanced', detail, ids }];
}

function transferText({ debit_account, credit_account, amount, currency, refund_id }: TransferRecord): string {
  return `${amount} ${currency} from ${credit_account} to ${debit_account}${refund_id === null ? '' : ` for refund ${refund_id}`}`;
}

/** What has not ended is tried again soon. */
function checkDue(payment: PaymentRecord, ids: string[], now: number): Suspicion[] {
  const open = [
    ...(openStatuses.includes(payment.status) ? [payment.due_at_ms] : []),
    ...payment.refunds.filter(({ status }) => status === 'pending').map(({ due_at_ms }) => due_at_ms),
  ];
  if (!open.some((due) => due === null || due > now + dueMaxMs)) return [];
  return [{ rule: 'retry_unreachable', detail: 'a charge or refund has not ended, and is not tried again within the hour', ids }];
}

function checkProvider(payment: PaymentRecord, provider: ProviderRecord | undefined, ids: string[]): Suspicion[] {
  const found: Suspicion[] = [];
  if (provider && (provider.currency !== payment.currency || provider.currencies > 1))
    found.push({ rule: 'charged_differs', detail: `the provider charged ${provider.currency}, recorded is ${payment.currency}`, ids });
  if (provider && provider.charges === 1 && provider.idempotency_keys[0] !== payment.payment_id)
    found.push({
      rule: 'charged_differs',
      detail: `the provider charged under key ${provider.idempotency_keys[0]}, not under that of the payment`,
      ids,
    });
  if (openStatuses.includes(payment.status)) return found;
  if (
    (provider?.charged ?? 0) !== payment.captured ||
    (payment.captured === 0 && payment.status === 'captured') !== (provider?.charged === 0)
  ) {
    const detail = `the provider charged ${provider?.charged ?? 'nothing'}, recorded is ${payment.captured} (minor units)`;
    found.push({ rule: 'charged_differs', detail, ids });
  }
  if (!refundsAgree(payment, provider)) {
    const detail = `the provider refunded ${provider?.refunded ?? 0}, recorded is ${payment.refunded} (minor units)`;
    found.push({ rule: 'refunded_differs', detail, ids });
  }
  return found;
}

/** Refund by refund: what is done here is done there, and what is done there is done here or still pending. */
function refundsAgree({ refunds }: PaymentRecord, provider: ProviderRecord | undefined): boolean {
  const there = new Map(provider?.refunds.map(({ idempotency_key, amount }) => [idempotency_key, amount]));
  const here = new Map(refunds.map(({ id, amount }) => [id, amount]));
  const sum = [...there.values()].reduce((total, amount) => total + amount, 0);
  return (
    sum === (provider?.refunded ?? 0) &&
    refunds.every(({ id, amount, status }) => status === 'pending' || there.get(id) === amount) &&
    [...there].every(([id, amount]) => here.get(id) === amount)
  );
}
