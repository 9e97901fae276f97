import type { Dispute, Payment, PaymentDispute, Refund } from '@souk/contracts';
import { toMajor } from '@souk/kernel';
import { heldBy } from '../domain/dispute.ts';
import type { DisputeRow } from '../store/disputes.ts';
import type { PaymentRow } from '../store/payments.ts';
import type { RefundRow } from '../store/refunds.ts';

/** A payment in the shape of its contract. */
export function presentPayment(row: PaymentRow, refunds: readonly RefundRow[], disputes: readonly DisputeRow[]): Payment {
  const { id, order_id, user_id, currency, status, decline_code, provider, created_at, updated_at } = row;
  return {
    id,
    order_id,
    user_id,
    amount: toMajor(row.amount, currency),
    currency,
    // Clients of before know no other status of a payment that is under way.
    status: status === 'action_required' ? 'charging' : status,
    decline_code,
    ...actionOf(row),
    captured_amount: toMajor(row.captured, currency),
    refunded_amount: toMajor(row.refunded, currency),
    refunds: refunds.map(presentRefund),
    ...disputesOf(disputes, currency),
    provider,
    created_at,
    updated_at,
  };
}

/** The sum is that of what is shown, as both are read apart from the payment. */
function disputesOf(disputes: readonly DisputeRow[], currency: string): Pick<Payment, 'disputed_amount' | 'disputes'> {
  if (disputes.length === 0) return {};
  const held = disputes.reduce((sum, dispute) => sum + heldBy(dispute), 0);
  return { disputed_amount: toMajor(held, currency), disputes: disputes.map(presentPaymentDispute) };
}

/** Nothing is asked for an order that was cancelled. */
function actionOf({ action_url: url, action_until: until, cancel_reason }: PaymentRow): Pick<Payment, 'action'> {
  return url !== null && until !== null && cancel_reason === null ? { action: { url, until } } : {};
}

/** Clients of before know two words: one that failed and was not settled is still owed, one that was given back by hand is done. */
export function presentRefund(refund: Omit<RefundRow, 'payment_id'>): Refund {
  const { id, amount, currency, reason, status, failure_code, retried_as, created_at, updated_at } = refund;
  const failure = failure_code !== null && { failure: { code: failure_code, at: updated_at, retried_as, by_hand: status === 'by_hand' } };
  const shown = status === 'done' || status === 'by_hand' ? 'done' : 'pending';
  return { id, amount: toMajor(amount, currency), currency, reason, status: shown, created_at, ...failure };
}

function presentPaymentDispute(row: DisputeRow): PaymentDispute {
  const { id, reference, state, amount, currency, reason, evidence_due_at, opened_at, updated_at } = row;
  if (state === 'reported' || opened_at === null) throw new Error('what was not asked about is not shown');
  return { id, reference, state, amount: toMajor(amount, currency), currency, reason, evidence_due_at, opened_at, updated_at };
}

export function presentDispute(row: DisputeRow & { order_id: string | null }): Dispute {
  return { ...presentPaymentDispute(row), payment_id: row.payment_id, order_id: row.order_id };
}
