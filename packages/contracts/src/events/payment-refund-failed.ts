import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Currency, OrderId, PaymentId, PositiveAmount, RefundId } from '../fields.ts';

export const paymentRefundFailed = defineEvent({
  event_type: 'payment.refund_failed',
  version: '1.0',
  owner: 'payments',
  meaning: 'Money that was promised or given back did not reach the customer, and is with the shop. Staff has to act.',
  ordering: 'refund_id',
  payload: {
    payment_id: PaymentId,
    refund_id: RefundId,
    order_id: OrderId,
    amount: PositiveAmount,
    currency: Currency,
    code: Type.String({ maxLength: 100, description: "The provider's word for why." }),
  },
});
