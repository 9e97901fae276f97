import { defineEvent } from '../define-event.ts';
import { OrderId, PaymentId, Timestamp } from '../fields.ts';

export const paymentActionRequired = defineEvent({
  event_type: 'payment.action_required',
  version: '1.0',
  owner: 'payments',
  meaning: "The customer must finish the payment on a page of the provider. The page's address is read at the payment, by its owner only.",
  ordering: 'order_id',
  payload: {
    payment_id: PaymentId,
    order_id: OrderId,
    until: Timestamp,
  },
});
