import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { OrderId, RefundId, ReturnId } from '../fields.ts';

export const paymentRefundRefused = defineEvent({
  event_type: 'payment.refund_refused',
  version: '1.0',
  owner: 'payments',
  meaning: 'A refund that was asked for is not made: the payment cannot bear it.',
  ordering: 'refund_id',
  payload: {
    refund_id: RefundId,
    order_id: OrderId,
    return_id: ReturnId,
    code: Type.Union([Type.Literal('payment_not_captured'), Type.Literal('refund_exceeds_captured')], { description: 'Why.' }),
  },
});
