import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { CancelledBy, CancelledMoney, CancelReason, Locale, OrderId, OrderNumber, UserId, Version } from '../fields.ts';

export const orderCancelled = defineEvent({
  event_type: 'order.cancelled',
  version: '1.0',
  owner: 'orders',
  meaning: 'An order ended without a sale; every participant gives back what it holds for it.',
  ordering: 'order_id + order_version',
  payload: {
    order_id: OrderId,
    order_version: Version,
    order_number: Type.Optional(OrderNumber),
    user_id: UserId,
    locale: Type.Optional(Locale),
    reason: CancelReason,
    cancelled_by: CancelledBy,
    money: Type.Optional(CancelledMoney),
  },
});
