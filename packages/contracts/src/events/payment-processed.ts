import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Amount, Currency, OrderId, PaymentId, UserId } from '../fields.ts';

export const paymentProcessed = defineEvent({
  event_type: 'payment.processed',
  version: '1.0',
  owner: 'payments',
  meaning: 'The attempt to take the money for an order has ended.',
  ordering: 'order_id',
  payload: {
    payment_id: PaymentId,
    order_id: OrderId,
    user_id: UserId,
    amount: Amount,
    currency: Currency,
    status: Type.Union([Type.Literal('succeeded'), Type.Literal('declined')]),
    decline_code: Type.Optional(Type.String({ maxLength: 100 })),
  },
});
