import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import {
  Carrier,
  Delivery,
  Nullable,
  OrderId,
  ParcelId,
  ParcelItem,
  ParcelNumber,
  ParcelQuantity,
  ProductId,
  Timestamp,
  TrackingNumber,
  TrackingUrl,
} from '../fields.ts';

export const Parcel = Type.Object(
  {
    id: ParcelId,
    number: ParcelNumber,
    items: Type.Array(ParcelItem),
    carrier: Carrier,
    tracking_number: TrackingNumber,
    tracking_url: Nullable(TrackingUrl),
    sent_at: Type.Optional({ ...Timestamp, description: 'Absent where the order was sent as a whole and the time was not kept with it.' }),
    delivered_at: Nullable(Timestamp),
  },
  { title: 'Parcel' },
);
export type Parcel = Static<typeof Parcel>;

/** What an order shows of how it was sent. */
export const deliveryMembers = {
  delivery: Type.Optional(Delivery),
  parcels: Type.Optional(Type.Array(Parcel, { description: 'In the order in which they were sent.' })),
};

export const SendParcel = Type.Object(
  {
    items: Type.Optional(
      Type.Array(Type.Object({ product_id: ProductId, quantity: ParcelQuantity }, { additionalProperties: false }), {
        minItems: 1,
        maxItems: 100,
        description: 'What is in it; without, everything that is left.',
      }),
    ),
    carrier: Carrier,
    tracking_number: TrackingNumber,
    tracking_url: Type.Optional(TrackingUrl),
  },
  { additionalProperties: false, title: 'SendParcel' },
);
export type SendParcel = Static<typeof SendParcel>;

export const sendParcel = defineRoute({
  method: 'POST',
  path: '/api/orders/{order_id}/parcels',
  service: 'orders',
  summary: 'Send a parcel of an order; the first one ships it',
  access: 'staff',
  scope: 'orders:write',
  limit: 'write',
  idempotent: true,
  params: Type.Object({ order_id: OrderId }),
  body: SendParcel,
  responses: { 201: Parcel },
  errors: [
    'order_not_shippable',
    'parcel_items_unknown',
    'parcel_too_large',
    'precondition_failed',
    'idempotency_key_reused',
    'idempotency_key_invalid',
  ],
});
/** The first time counts; a repeat answers the same. */
export const markParcelDelivered = defineRoute({
  method: 'POST',
  path: '/api/orders/{order_id}/parcels/{parcel_id}/delivered',
  service: 'orders',
  summary: 'Note that a parcel was delivered',
  access: 'staff',
  scope: 'orders:write',
  limit: 'write',
  params: Type.Object({ order_id: OrderId, parcel_id: ParcelId }),
  body: Type.Optional(Type.Object({}, { additionalProperties: false })),
  responses: { 200: Parcel },
});

export const parcelRoutes = [sendParcel, markParcelDelivered] as const;
