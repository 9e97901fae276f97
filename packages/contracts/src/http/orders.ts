import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import {
  Amount,
  CancelReason,
  Carrier,
  CartVersion,
  Currency,
  Locale,
  Nullable,
  OrderId,
  OrderNumber,
  OrderStatus,
  PaymentMethod,
  ProductId,
  Quantity,
  Reason,
  ShippingAddress,
  ShippingMethodCode,
  Timestamp,
  TrackingNumber,
  UserId,
  Version,
} from '../fields.ts';
import { findCustomersWithOrders } from './customers.ts';
import { OrderAction } from './order-action.ts';
import { deliveryMembers } from './parcels.ts';
import { Codes } from './quotes.ts';
import { OrderItem, OrderTotalsShown } from './totals.ts';
import { WaitingFor } from './waiting-for.ts';

export const Order = Type.Object(
  {
    id: OrderId,
    order_number: OrderNumber,
    user_id: UserId,
    status: OrderStatus,
    items: Type.Array(OrderItem),
    total_amount: Amount,
    currency: Currency,
    totals: Type.Optional(OrderTotalsShown),
    shipping_address: Nullable(ShippingAddress),
    billing_address: Type.Optional(ShippingAddress),
    locale: Type.Optional(Locale),
    cancel_reason: Nullable(CancelReason),
    carrier: Nullable(Carrier),
    tracking_number: Nullable(TrackingNumber),
    ...deliveryMembers,
    action: Type.Optional(OrderAction),
    waiting_for: Type.Optional(WaitingFor),
    version: Version,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Order' },
);
export type Order = Static<typeof Order>;

export const PlaceOrder = Type.Object(
  {
    items: Type.Array(Type.Object({ product_id: ProductId, quantity: Quantity }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: 100,
    }),
    shipping_address: ShippingAddress,
    payment_method: PaymentMethod,
    shipping_method: Type.Optional({ ...ShippingMethodCode, description: 'One of the shipping_options of a quote; the cheapest without.' }),
    billing_address: Type.Optional(ShippingAddress),
    codes: Type.Optional({ ...Codes, description: 'Codes of promotions; the order is refused where one does not apply.' }),
    locale: Type.Optional(Locale),
    currency: Type.Optional(Currency),
    expected_total: Type.Optional(Amount),
    user_id: Type.Optional(UserId),
    cart_version: Type.Optional({
      ...CartVersion,
      description: 'Version of the saved cart that is ordered: the order empties the cart, unless it has changed meanwhile.',
    }),
  },
  { additionalProperties: false, title: 'PlaceOrder' },
);
export type PlaceOrder = Static<typeof PlaceOrder>;

export const OrderTransition = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1, description: 'Number of this line; grows along the history, and no two lines share one.' }),
    version: Version,
    from: Nullable(OrderStatus),
    to: OrderStatus,
    at: Timestamp,
    cause: Type.String({ description: 'The event type or command that led to it.' }),
    cause_id: Nullable(Type.String()),
    actor: Type.String({
      description: 'user:<id>, staff:<id>, staff:<id>/key:<id> for an API key, user:<id>/link for the holder of a mailed link, or system.',
    }),
    note: Nullable(Type.String()),
  },
  { title: 'OrderTransition' },
);
export type OrderTransition = Static<typeof OrderTransition>;

/** Most orders whose histories are asked for at once, and most lines of each that one answer has. */
export const historiesMax = 200;
export const historyLinesMax = 200;

/** `after` is the sequence of the last line that is known already, 0 before the first. */
export const HistoriesQuestion = Type.Object(
  {
    orders: Type.Array(
      Type.Object(
        { order_id: OrderId, after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: historiesMax },
    ),
  },
  { additionalProperties: false, title: 'HistoriesQuestion' },
);
export type HistoriesQuestion = Static<typeof HistoriesQuestion>;

/** What is new of one order. */
export const HistoryPart = Type.Object(
  {
    order_id: OrderId,
    user_id: UserId,
    linked_to: Type.Optional({ ...UserId, description: 'The person who has linked the guest whose order it is.' } as typeof UserId),
    status: OrderStatus,
    transitions: Type.Array(OrderTransition),
    has_more: Type.Boolean({ description: 'There are later lines; ask again after the last of these.' }),
  },
  { title: 'HistoryPart' },
);
export type HistoryPart = Static<typeof HistoryPart>;

const byOrder = Type.Object({ order_id: OrderId });

export const placeOrder = defineRoute({
  method: 'POST',
  path: '/api/orders',
  service: 'orders',
  summary: 'Place an order',
  access: 'authenticated',
  scope: 'orders:write',
  limit: 'write',
  idempotent: true,
  timeout_ms: 40_000,
  body: PlaceOrder,
  waits: true,
  etag: true,
  location: true,
  responses: { 201: Order },
  errors: [
    'forbidden',
    'product_unknown',
    'currency_mismatch',
    'country_unknown',
    'address_incomplete',
    'shipping_unavailable',
    'code_refused',
    'total_changed',
    'total_too_large',
    'too_many_open_orders',
    'too_many_open_pieces',
    'amount_invalid',
    'user_unknown',
    'service_unavailable',
    'overloaded',
    'idempotency_key_reused',
    'idempotency_key_invalid',
  ],
});
export const getOrder = defineRoute({
  method: 'GET',
  path: '/api/orders/{order_id}',
  service: 'orders',
  summary: 'One order',
  access: 'authenticated',
  scope: 'orders:read',
  limit: 'read',
  params: byOrder,
  etag: true,
  responses: { 200: Order },
});
export const getOrderHistory = defineRoute({
  method: 'GET',
  path: '/api/orders/{order_id}/history',
  service: 'orders',
  summary: 'Everything that happened to an order',
  access: 'authenticated',
  scope: 'orders:read',
  limit: 'read',
  params: byOrder,
  responses: { 200: Type.Array(OrderTransition) },
});
export const cancelOrder = defineRoute({
  method: 'POST',
  path: '/api/orders/{order_id}/cancel',
  service: 'orders',
  summary: 'Cancel an order',
  access: 'authenticated',
  scope: 'orders:write',
  limit: 'write',
  params: byOrder,
  body: Type.Object({ reason: Type.Optional(Reason) }, { additionalProperties: false }),
  etag: true,
  responses: { 200: Order },
  errors: ['order_not_cancellable', 'precondition_failed'],
});
export const shipOrder = defineRoute({
  method: 'POST',
  path: '/api/orders/{order_id}/ship',
  service: 'orders',
  summary: 'Send the goods',
  access: 'staff',
  scope: 'orders:write',
  limit: 'write',
  params: byOrder,
  body: Type.Object({ carrier: Carrier, tracking_number: TrackingNumber }, { additionalProperties: false }),
  etag: true,
  responses: { 200: Order },
  errors: ['order_not_shippable', 'precondition_failed'],
});
export const completeOrder = defineRoute({
  method: 'POST',
  path: '/api/orders/{order_id}/complete',
  service: 'orders',
  summary: 'Finish an order',
  access: 'staff',
  scope: 'orders:write',
  limit: 'write',
  params: byOrder,
  body: Type.Optional(Type.Object({}, { additionalProperties: false })),
  etag: true,
  responses: { 200: Order },
  errors: ['order_not_completable', 'precondition_failed'],
});
/** Gateways ask for all their watchers at once. An order that is not there is left out; one asked for twice counts once, from the smaller `after`. */
export const readHistories = defineRoute({
  method: 'POST',
  path: '/internal/orders/histories',
  service: 'orders',
  summary: 'What is new in the histories of many orders',
  access: 'internal',
  limit: 'none',
  body: HistoriesQuestion,
  responses: { 200: Type.Array(HistoryPart) },
});

export const ordersRoutes = [
  placeOrder,
  getOrder,
  getOrderHistory,
  cancelOrder,
  shipOrder,
  completeOrder,
  readHistories,
  findCustomersWithOrders,
] as const;
