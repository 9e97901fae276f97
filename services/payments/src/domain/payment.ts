/**
 * The rules of money: when a payment is void, settled first or given back, and how much may be given back. A payment
 * goes `requested → charging → captured | declined | unknown | action_required`; `unknown` and `action_required`, where the
 * customer has to do something at the provider, end in `captured` or `declined`, never in a second charge.
 */
import { refusal } from '@souk/contracts';
import { derivedUuid, derivedUuidBeside } from '@souk/kernel';

export type PaymentStatus = 'requested' | 'charging' | 'action_required' | 'captured' | 'declined' | 'unknown';

/** The members of a payment that decisions look at; amounts in minor units. */
export interface PaymentState {
  status: PaymentStatus;
  captured: number;
  refunded: number;
  refunding: number;
  cancel_reason: string | null;
  /** What disputes hold back or took for good; absent where there is none. */
  disputed?: number;
  /** A dispute about it is open: nothing is given back until it has ended. */
  in_dispute?: boolean;
}

/** Decline code of a payment that was void before it was charged. */
export const declinedByCancellation = 'order_cancelled';

/** The one payment of an order. */
export function paymentIdOf(order_id: string): string {
  return derivedUuidBeside(order_id, 'payment');
}

/** The one refund that the cancellation of an order makes. */
export function cancellationRefundIdOf(payment_id: string): string {
  return derivedUuid('cancellation-refund', payment_id);
}

/** What is left of a captured payment to give back. */
export function refundable({ captured, refunded, refunding, disputed = 0, in_dispute = false }: PaymentState): number {
  return in_dispute ? 0 : Math.max(0, captured - refunded - refunding - disputed);
}

/**
 * What a cancelled order means for its payment: `remember` that the payment must never start, `void` one that has not
 * started, `settle_first` where the provider may have charged, `refund` what is left, or `nothing`.
 */
export type CancellationStep = 'remember' | 'void' | 'settle_first' | 'refund' | 'nothing';

const stepOf: Readonly<Record<PaymentStatus, CancellationStep>> = {
  requested: 'void',
  charging: 'settle_first',
  action_required: 'settle_first',
  unknown: 'settle_first',
  captured: 'refund',
  declined: 'nothing',
};

export function decideCancellation(payment: PaymentState | undefined): CancellationStep {
  if (payment === undefined) return 'remember';
  return payment.cancel_reason === null ? stepOf[payment.status] : 'nothing';
}

/** What a cancellation changes of a payment: a void one ends, a captured one promises its rest back, one under way is only marked. */
export function cancellationChange(payment: PaymentState, step: CancellationStep): { void: boolean; refund_amount: number } {
  return { void: step === 'void', refund_amount: step === 'refund' ? refundable(payment) : 0 };
}

/** What goes back of a charge that succeeded after its order was cancelled: all of it, at once. */
export function lateRefund(charged: { amount: number; cancel_reason: string | null }): number {
  return charged.cancel_reason === null ? 0 : charged.amount;
}

export type RefundRefusal = 'payment_not_captured' | 'refund_exceeds_captured';

/** Why a payment cannot bear a refund; undefined where it can. */
export function refusedRefund(payment: PaymentState | undefined, amount: number): RefundRefusal | undefined {
  if (payment?.status !== 'captured') return 'payment_not_captured';
  return amount > refundable(payment) ? 'refund_exceeds_captured' : undefined;
}

/** Refuses a refund that the payment cannot bear. */
export function checkRefund(payment: PaymentState, amount: number): void {
  if (payment.status !== 'captured') throw refusal('payment_not_captured', `The payment is ${payment.status}.`);
  if (amount > refundable(payment)) {
    const why = payment.in_dispute
      ? 'Nothing can be given back while a dispute is open.'
      : 'The refund is larger than what is left of the payment.';
    throw refusal('refund_exceeds_captured', why, { refundable_minor: refundable(payment) });
  }
}

/** Whether a request for money is for another amount than the payment the order has already. */
export function differs(payment: { amount: number; currency: string }, wanted: { amount: number; currency: string }): boolean {
  return payment.amount !== wanted.amount || payment.currency !== wanted.currency;
}
