/** The events this service publishes, in the shape of their contracts. */
import { paymentActionRequired, paymentDisputed, paymentProcessed, paymentRefunded, paymentRefundFailed } from '@souk/contracts';
import { derivedUuid, timestamp, toMajor } from '@souk/kernel';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import type { Charge, Page } from '../domain/required-interfaces.ts';
import type { DisputeRow } from '../store/disputes.ts';
import type { FailedRefund } from '../store/failed-refunds.ts';
import type { RefundTask } from '../store/refunds.ts';

interface Processed {
  id: string;
  order_id: string;
  user_id: string;
  amount: number;
  currency: string;
}

/** The attempt to take the money has ended. */
export function processed(payment: Processed, outcome: Charge, cause: Cause): EventDraft {
  return draft(
    paymentProcessed,
    {
      payment_id: payment.id,
      order_id: payment.order_id,
      user_id: payment.user_id,
      amount: toMajor(payment.amount, payment.currency),
      currency: payment.currency,
      status: outcome.status,
      ...(outcome.status === 'declined' && { decline_code: outcome.decline_code }),
    },
    cause,
  );
}

/** The customer has to finish the payment; the address of the page is shown to the owner alone, at the payment. */
export function actionRequired(
  { id, order_id }: Pick<Processed, 'id' | 'order_id'>,
  { until_ms }: Pick<Page, 'until_ms'>,
  cause: Cause,
): EventDraft {
  return draft(paymentActionRequired, { payment_id: id, order_id, until: timestamp(until_ms) }, cause);
}

/** Money was given back. */
export function refunded(refund: Omit<RefundTask, 'provider_reference' | 'attempts' | 'status'>): EventDraft {
  return draft(
    paymentRefunded,
    {
      payment_id: refund.payment_id,
      refund_id: refund.id,
      order_id: refund.order_id,
      amount: toMajor(refund.amount, refund.currency),
      currency: refund.currency,
      reason: refund.reason,
      ...(refund.first_id !== null && { first_refund_id: refund.first_id }),
    },
    refund.cause,
    // Always the same, so that a refund that is published once more is announced to no customer twice.
    derivedUuid(paymentRefunded.event_type, refund.id),
  );
}

/** Money that was promised or given back has not reached the customer. */
export function refundFailedDraft(refund: FailedRefund, cause: Cause = { correlation_id: refund.id }): EventDraft {
  const { id: refund_id, payment_id, order_id, currency, failure_code: code } = refund;
  return draft(
    paymentRefundFailed,
    { payment_id, refund_id, order_id, amount: toMajor(refund.amount, currency), currency, code },
    cause,
    derivedUuid(paymentRefundFailed.event_type, refund_id),
  );
}

/** A customer's bank takes money back, asks about it, or has decided. */
export function disputed(
  dispute: Pick<DisputeRow, 'id' | 'amount' | 'currency'> & { state: DisputeRow['state'] },
  { id: payment_id, order_id }: Pick<Processed, 'id' | 'order_id'>,
): EventDraft {
  const { id: dispute_id, amount, currency, state } = dispute;
  if (state === 'reported') throw new Error('what was not asked about is not published');
  return draft(
    paymentDisputed,
    { payment_id, dispute_id, order_id, state, amount: toMajor(amount, currency), currency },
    { correlation_id: dispute_id },
    derivedUuid(`${paymentDisputed.event_type}: ${state}`, dispute_id),
  );
}
