import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Locale, OrderId, OrderNumber, UserId, Version } from '../fields.ts';

export const orderCompleted = defineEvent({
  event_type: 'order.completed',
  version: '1.0',
  owner: 'orders',
  meaning: 'An order is done.',
  ordering: 'order_id + order_version',
  payload: {
    order_id: OrderId,
    order_version: Version,
    order_number: Type.Optional(OrderNumber),
    user_id: UserId,
    locale: Type.Optional(Locale),
  },
});
