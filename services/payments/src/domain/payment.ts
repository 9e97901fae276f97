/**
 * The rules of money: when a payment is void, settled first or given back, and how much may be given back. A payment
 * goes `requested → charging → captured | declined | unknown`; `unknown` ends in `captured` or `declined`, never in a
 * second charge.
 */
import { refusal } from '@souk/contracts';
import { derivedUuid, derivedUuidBeside } from '@souk/kernel';

export type PaymentStatus = 'requested' | 'charging' | 'captured' | 'declined' | 'unknown';

/** The members of a payment that decisions look at; amounts in minor units. */
export interface PaymentState {
  status: PaymentStatus;
  captured: number;
  refunded: number;
  refunding: number;
  cancel_reason: string | null;
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
export function refundable(payment: PaymentState): number {
  return payment.captured - payment.refunded - payment.refunding;
}

/**
 * What a cancelled order means for its payment: `remember` that the payment must never start, `void` one that has not
 * started, `settle_first` where the provider may have charged, `refund` what is left, or `nothing`.
 */
export type CancellationStep = 'remember' | 'void' | 'settle_first' | 'refund' | 'nothing';

const stepOf: Readonly<Record<PaymentStatus, CancellationStep>> = {
  requested: 'void',
  charging: 'settle_first',
  unknown: 'settle_first',
  captured: 'refund',
  declined: 'nothing',
};

export function decideCancellation(payment: PaymentState | undefined): CancellationStep {
  if (payment === undefined) return 'remember';
  return payment.cancel_reason === null ? stepOf[payment.status] : 'nothing';
}

/** Refuses a refund that the payment cannot bear. */
export function checkRefund(payment: PaymentState, amount: number): void {
  if (payment.status !== 'captured') throw refusal('payment_not_captured', `The payment is ${payment.status}.`);
  if (amount > refundable(payment)) {
    throw refusal('refund_exceeds_captured', 'The refund is larger than what is left of the payment.', {
      refundable_minor: refundable(payment),
    });
  }
}

/** Whether a request for money is for another amount than the payment the order has already. */
export function differs(payment: { amount: number; currency: string }, wanted: { amount: number; currency: string }): boolean {
  return payment.amount !== wanted.amount || payment.currency !== wanted.currency;
}
