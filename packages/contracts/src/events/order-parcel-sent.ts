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
  ParcelNumber,
  TrackingNumber,
  TrackingUrl,
  UserId,
  Version,
} from '../fields.ts';

export const orderParcelSent = defineEvent({
  event_type: 'order.parcel_sent',
  version: '1.0',
  owner: 'orders',
  meaning: 'A further parcel of an order that is being shipped left the house.',
  ordering: 'order_id + order_version',
  payload: {
    order_id: OrderId,
    order_version: Version,
    order_number: OrderNumber,
    user_id: UserId,
    locale: Type.Optional(Locale),
    parcel_id: ParcelId,
    number: ParcelNumber,
    items: Type.Array(ParcelItem, { minItems: 1, maxItems: 100 }),
    carrier: Carrier,
    tracking_number: TrackingNumber,
    tracking_url: Type.Optional(TrackingUrl),
    delivery: Delivery,
  },
});
