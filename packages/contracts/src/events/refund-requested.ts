import { defineEvent } from '../define-event.ts';
import { Currency, OrderId, PositiveAmount, Reason, RefundId, ReturnId } from '../fields.ts';

export const refundRequested = defineEvent({
  event_type: 'refund.requested',
  version: '1.0',
  owner: 'orders',
  meaning: 'Money of a payment is to be given back for returned goods, under this id.',
  ordering: 'refund_id',
  payload: { refund_id: RefundId, order_id: OrderId, return_id: ReturnId, amount: PositiveAmount, currency: Currency, reason: Reason },
});
