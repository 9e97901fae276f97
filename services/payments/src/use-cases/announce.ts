/** The events this service publishes, in the shape of their contracts. */
import { paymentProcessed, paymentRefunded } from '@souk/contracts';
import { derivedUuid, toMajor } from '@souk/kernel';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import type { Charge } from '../domain/required-interfaces.ts';
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

/** Money was given back. */
export function refunded(refund: RefundTask): EventDraft {
  return draft(
    paymentRefunded,
    {
      payment_id: refund.payment_id,
      refund_id: refund.id,
      order_id: refund.order_id,
      amount: toMajor(refund.amount, refund.currency),
      currency: refund.currency,
      reason: refund.reason,
    },
    refund.cause,
    // Always the same, so that a refund that is published once more is announced to no customer twice.
    derivedUuid(paymentRefunded.event_type, refund.id),
  );
}
