import { defineEvent } from '../define-event.ts';
import { DisputeState } from '../dispute-state.ts';
import { Currency, DisputeId, OrderId, PaymentId, PositiveAmount } from '../fields.ts';

export const paymentDisputed = defineEvent({
  event_type: 'payment.disputed',
  version: '1.0',
  owner: 'payments',
  meaning: "A customer's bank takes money of a payment back, asks about it, or has decided.",
  ordering: 'dispute_id',
  payload: {
    payment_id: PaymentId,
    dispute_id: DisputeId,
    order_id: OrderId,
    state: DisputeState,
    amount: PositiveAmount,
    currency: Currency,
  },
});
