import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Carrier, OrderId, OrderNumber, TrackingNumber, UserId, Version } from '../fields.ts';

export const orderShipped = defineEvent({
  event_type: 'order.shipped',
  version: '1.0',
  owner: 'orders',
  meaning: 'The goods of an order left the house.',
  ordering: 'order_id + order_version',
  payload: {
    order_id: OrderId,
    order_version: Version,
    order_number: Type.Optional(OrderNumber),
    user_id: UserId,
    carrier: Carrier,
    tracking_number: TrackingNumber,
  },
});
