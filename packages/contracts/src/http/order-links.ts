import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import {
  Amount,
  CancelReason,
  Carrier,
  Currency,
  GivenEmail,
  Nullable,
  OrderId,
  OrderNumber,
  OrderStatus,
  ShippingAddress,
  Timestamp,
  TrackingNumber,
  Version,
} from '../fields.ts';
import { deliveryMembers } from './parcels.ts';
import { RequestReturn, Return } from './returns.ts';
import { OrderItem, OrderTotalsShown } from './totals.ts';
import { WaitingFor } from './waiting-for.ts';

const { city, country } = ShippingAddress.properties;

/** What a link shows: no street, no telephone number, and not whose the order is. */
export const LinkedOrder = Type.Object(
  {
    id: OrderId,
    order_number: OrderNumber,
    status: OrderStatus,
    items: Type.Array(OrderItem),
    total_amount: Amount,
    currency: Currency,
    totals: Type.Optional(OrderTotalsShown),
    town: Nullable(Type.Object({ city, country })),
    cancel_reason: Nullable(CancelReason),
    carrier: Nullable(Carrier),
    tracking_number: Nullable(TrackingNumber),
    ...deliveryMembers,
    waiting_for: Type.Optional(WaitingFor),
    version: Version,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'LinkedOrder' },
);
export type LinkedOrder = Static<typeof LinkedOrder>;

/** Answered alike, whether or not there is such an order and whose it is; only the customer gets a mail. */
export const lookUpOrder = defineRoute({
  method: 'POST',
  path: '/api/orders/lookup',
  service: 'orders',
  summary: 'Have a link to an order mailed to the address it was ordered with',
  access: 'public',
  limit: 'auth',
  body: Type.Object({ order_number: OrderNumber, email: GivenEmail }, { additionalProperties: false }),
  responses: { 202: Type.Object({ status: Type.Literal('accepted') }) },
});
export const getLinkedOrder = defineRoute({
  method: 'GET',
  path: '/api/linked-order',
  service: 'orders',
  summary: 'The order that a mailed link opens',
  access: 'public',
  order_link: true,
  limit: 'read',
  responses: { 200: LinkedOrder },
  errors: ['token_missing'],
});
export const cancelLinkedOrder = defineRoute({
  method: 'POST',
  path: '/api/linked-order/cancel',
  service: 'orders',
  summary: 'Cancel the order that a mailed link opens',
  access: 'public',
  order_link: true,
  limit: 'write',
  responses: { 200: LinkedOrder },
  errors: ['token_missing', 'order_not_cancellable'],
});

const { user_id: _user_id, ...shownOfReturn } = Return.properties;
/** A return without whose it is. */
export const LinkedReturn = Type.Object(shownOfReturn, { title: 'LinkedReturn' });
export type LinkedReturn = Static<typeof LinkedReturn>;

export const requestLinkedReturn = defineRoute({
  method: 'POST',
  path: '/api/linked-order/returns',
  service: 'orders',
  summary: 'Ask to send goods back of the order that a mailed link opens',
  access: 'public',
  order_link: true,
  limit: 'write',
  idempotent: true,
  body: RequestReturn,
  responses: { 201: LinkedReturn },
  errors: ['token_missing', 'return_items_unknown', 'return_too_large', 'idempotency_key_reused', 'idempotency_key_invalid'],
});
export const listLinkedReturns = defineRoute({
  method: 'GET',
  path: '/api/linked-order/returns',
  service: 'orders',
  summary: 'The returns of the order that a mailed link opens',
  access: 'public',
  order_link: true,
  limit: 'read',
  responses: { 200: Type.Array(LinkedReturn) },
  errors: ['token_missing'],
});

export const orderLinkRoutes = [lookUpOrder, getLinkedOrder, cancelLinkedOrder, requestLinkedReturn, listLinkedReturns] as const;
