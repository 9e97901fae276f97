import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Amount, Currency, OrderId, PaymentId, Reason, RefundId } from '../fields.ts';

export const paymentRefunded = defineEvent({
  event_type: 'payment.refunded',
  version: '1.0',
  owner: 'payments',
  meaning: 'Money of a payment was given back.',
  ordering: 'refund_id',
  payload: {
    payment_id: PaymentId,
    refund_id: RefundId,
    order_id: OrderId,
    amount: Amount,
    currency: Currency,
    reason: Reason,
    first_refund_id: Type.Optional({
      ...RefundId,
      description: 'The refund that failed first, where this one was made again.',
    } as typeof RefundId),
  },
});
