import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Locale, OrderId, OrderNumber, UserId } from '../fields.ts';

export const orderLinkRequested = defineEvent({
  event_type: 'order.link_requested',
  version: '1.0',
  owner: 'orders',
  meaning: 'A link to an order was asked for with an address; it is mailed where that is the address of the customer.',
  ordering: 'order_id',
  payload: {
    order_id: OrderId,
    order_number: OrderNumber,
    user_id: UserId,
    locale: Type.Optional(Locale),
    email_digest: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'Keyed digest of the address that was named.' }),
  },
});
