import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import {
  Carrier,
  Delivery,
  Locale,
  OrderId,
  OrderNumber,
  ParcelId,
  ParcelItem,
  TrackingNumber,
  TrackingUrl,
  UserId,
  Version,
} from '../fields.ts';

export const orderShipped = defineEvent({
  event_type: 'order.shipped',
  version: '1.0',
  owner: 'orders',
  meaning: 'The first parcel of an order left the house; without `items` it holds everything.',
  ordering: 'order_id + order_version',
  payload: {
    order_id: OrderId,
    order_version: Version,
    order_number: Type.Optional(OrderNumber),
    user_id: UserId,
    locale: Type.Optional(Locale),
    carrier: Carrier,
    tracking_number: TrackingNumber,
    tracking_url: Type.Optional(TrackingUrl),
    parcel_id: Type.Optional(ParcelId),
    items: Type.Optional(Type.Array(ParcelItem, { minItems: 1, maxItems: 100 })),
    delivery: Type.Optional(Delivery),
  },
});
