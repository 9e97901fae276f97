/** What the operators see of the business: one helper for each thing that happens. */
import type { Log, Metrics } from '@souk/kernel';

interface Watch {
  readonly log: Log;
  readonly metrics: Metrics;
}

export function chargesSettled({ metrics }: Watch, settled: readonly { status: string }[]): void {
  for (const status of ['captured', 'declined', 'unknown']) {
    const count = settled.filter((payment) => payment.status === status).length;
    if (count > 0) metrics.count('souk_payments_settled_total', { status }, count);
  }
}

export function paymentsVoided({ metrics }: Watch, count: number): void {
  if (count > 0) metrics.count('souk_payments_settled_total', { status: 'void' }, count);
}

export function chargeUnknown({ log }: Watch, payment: { id: string; order_id: string; attempts: number }, error: unknown): void {
  log.info(
    { payment_id: payment.id, order_id: payment.order_id, attempts: payment.attempts, err: error },
    'the outcome of a charge is not known yet',
  );
}

export function refundsPaid({ metrics }: Watch, refunds: readonly { amount: number; currency: string }[]): void {
  if (refunds.length > 0) metrics.count('souk_payments_refunded_total', {}, refunds.length);
  for (const { amount, currency } of refunds) metrics.count('souk_payments_refunded_minor_units_total', { currency }, amount);
}

/** The currency of the shop is known before its first refund; others show when they come. */
export function shopOpened({ metrics }: Watch, currency: string): void {
  metrics.count('souk_payments_refunded_minor_units_total', { currency }, 0);
}

export function refundDelayed({ log }: Watch, refund: { id: string; order_id: string; attempts: number }, error: unknown): void {
  log.warn(
    { refund_id: refund.id, order_id: refund.order_id, attempts: refund.attempts, err: error },
    'a refund did not go through; it is tried again',
  );
}

export function refundFailed({ log }: Watch, refund: { id: string; order_id: string; code: string }): void {
  log.warn({ refund_id: refund.id, order_id: refund.order_id, code: refund.code }, 'a refund failed for good: staff has to act');
}

export function disputeChanged({ log }: Watch, dispute: { id: string; state: string }, payment: { id: string; order_id: string }): void {
  log.warn(
    { dispute_id: dispute.id, payment_id: payment.id, order_id: payment.order_id, state: dispute.state },
    'a customer disputes a payment',
  );
}

export function disputeOfNoPayment({ log }: Watch, dispute: { reference: string; state: string }): void {
  log.warn({ reference: dispute.reference, state: dispute.state }, 'a dispute is about no payment of this shop');
}

export function disputeUnread({ log }: Watch, dispute: { id: string; attempts: number }, error: unknown): void {
  log.info({ dispute_id: dispute.id, attempts: dispute.attempts, err: error }, 'a dispute cannot be read now; it is asked for again');
}
