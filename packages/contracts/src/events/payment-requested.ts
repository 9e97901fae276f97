import { defineEvent } from '../define-event.ts';
import { Amount, Currency, OrderId, PaymentMethod, UserId } from '../fields.ts';

export const paymentRequested = defineEvent({
  event_type: 'payment.requested',
  version: '1.0',
  owner: 'orders',
  meaning: 'The money for an order is to be taken.',
  ordering: 'order_id',
  payload: {
    order_id: OrderId,
    user_id: UserId,
    amount: Amount,
    currency: Currency,
    payment_method: PaymentMethod,
  },
});
