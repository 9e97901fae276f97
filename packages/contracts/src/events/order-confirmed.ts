import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Amount, Currency, Locale, OrderId, OrderNumber, UserId, Version } from '../fields.ts';

export const orderConfirmed = defineEvent({
  event_type: 'order.confirmed',
  version: '1.0',
  owner: 'orders',
  meaning: 'An order has its stock and its money.',
  ordering: 'order_id + order_version',
  payload: {
    order_id: OrderId,
    order_version: Version,
    order_number: Type.Optional(OrderNumber),
    user_id: UserId,
    locale: Type.Optional(Locale),
    total_amount: Amount,
    currency: Currency,
  },
});
