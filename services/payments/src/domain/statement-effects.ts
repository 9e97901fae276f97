/**
 * What the statements of the store do to one payment and one refund, as functions. PostgreSQL is the one that decides:
 * conditional updates and unique keys hold between processes, and no function can. These are for the exploration of the
 * checkout (docs/proof.md), and test/statement-effects.test.ts holds each equal to its statement.
 */
import { declinedByCancellation, type PaymentState } from './payment.ts';

/** The columns of a payment that statements look at or change. */
export interface PaymentColumns extends PaymentState {
  amount: number;
  decline_code: string | null;
  /** Whether it is looked at again: `due_at is not null`. */
  due: boolean;
  /** Whether the customer was sent to a page of the provider: `action_until is not null`. */
  action: boolean;
}

export interface RefundColumns {
  id: string;
  kind: 'cancellation' | 'staff';
  amount: number;
  status: 'pending' | 'done';
}

/** `insertPayments`: undefined where the order has a payment already. That of a cancelled order is void from the start. */
export function insertedPayment(
  existing: PaymentColumns | undefined,
  wanted: { amount: number; status: 'requested' | 'charging'; cancelled_reason: string | undefined },
): PaymentColumns | undefined {
  if (existing !== undefined) return undefined;
  const { amount, status, cancelled_reason } = wanted;
  const unpaid = { amount, captured: 0, refunded: 0, refunding: 0, action: false };
  if (cancelled_reason === undefined) return { ...unpaid, status, decline_code: null, cancel_reason: null, due: true };
  return { ...unpaid, status: 'declined', decline_code: declinedByCancellation, cancel_reason: cancelled_reason, due: false };
}

/**
 * `claimCharges`, once the payment's time has come: undefined where it has ended. `asked`: the provider may know it already; `abandons`:
 * its page is not waited for any more, because the time of the page is over or the order was cancelled.
 */
export function claimedCharge(
  payment: PaymentColumns,
  is_over: boolean,
): { payment: PaymentColumns; asked: boolean; abandons: boolean } | undefined {
  if (!payment.due) return undefined;
  const asked = payment.status !== 'requested';
  const abandons = payment.action && (is_over || payment.cancel_reason !== null);
  return { payment: { ...payment, status: asked ? 'unknown' : 'charging' }, asked, abandons };
}

/** `settleCharges`: undefined where the payment is not open, so that a result that comes twice or late changes nothing. */
export function settledCharge(
  payment: PaymentColumns,
  result: { status: 'captured' | 'declined' | 'unknown' | 'action_required'; decline_code: string | null },
): PaymentColumns | undefined {
  if (payment.status !== 'charging' && payment.status !== 'unknown' && payment.status !== 'action_required') return undefined;
  const captured = result.status === 'captured' ? payment.amount : 0;
  const refunding = payment.cancel_reason === null ? 0 : captured;
  const due = result.status === 'unknown' || result.status === 'action_required';
  const action = due && (payment.action || result.status === 'action_required');
  return { ...payment, ...result, captured, refunding, due, action };
}

/** `settleCharges`: whether the order learns now that its customer has to do something; at most once, and not after its cancellation. */
export function asksCustomer(payment: PaymentColumns, result: { status: string }): boolean {
  return result.status === 'action_required' && !payment.action && payment.cancel_reason === null;
}

/** `writeCancellations`. */
export function cancelledPayment(
  payment: PaymentColumns,
  cancelled: { reason: string; void: boolean; refund_amount: number },
): PaymentColumns {
  const marked = { ...payment, cancel_reason: cancelled.reason, refunding: payment.refunding + cancelled.refund_amount };
  return cancelled.void ? { ...marked, status: 'declined', decline_code: declinedByCancellation, due: false } : marked;
}

/** `promiseRefund`. */
export function promisedPayment(payment: PaymentColumns, amount: number): PaymentColumns {
  return { ...payment, refunding: payment.refunding + amount };
}

/** `insertRefunds`: undefined where a unique key refuses it, which ends the transaction. */
export function insertedRefunds(existing: readonly RefundColumns[], refund: Omit<RefundColumns, 'status'>): RefundColumns[] | undefined {
  const taken = existing.some(({ id, kind }) => id === refund.id || (kind === 'cancellation' && refund.kind === 'cancellation'));
  return taken ? undefined : [...existing, { ...refund, status: 'pending' }];
}

/** `claimRefunds`, once the refund's time has come. */
export function isClaimable({ status }: RefundColumns): boolean {
  return status === 'pending';
}

/** `settleRefunds`: undefined where the refund is done already. */
export function settledRefund(
  payment: PaymentColumns,
  refund: RefundColumns,
): { payment: PaymentColumns; refund: RefundColumns } | undefined {
  if (refund.status !== 'pending') return undefined;
  const { amount } = refund;
  return {
    payment: { ...payment, refunded: payment.refunded + amount, refunding: payment.refunding - amount },
    refund: { ...refund, status: 'done' },
  };
}
