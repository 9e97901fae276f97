/** Orders in lists, counted, and for other systems. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { GivenEmail, GivenTimestamp, Nullable, OrderId, OrderNumber, OrderStatus, Sku, Timestamp, UserId } from '../fields.ts';
import { idList } from './id-list.ts';
import { Order, OrderTransition } from './orders.ts';
import { paging } from './paging.ts';
import { listShopActions } from './shop-actions.ts';

export const listOrders = defineRoute({
  method: 'GET',
  path: '/api/orders',
  service: 'orders',
  summary: 'Own orders; staff see all',
  access: 'authenticated',
  scope: 'orders:read',
  limit: 'read',
  query: Type.Object(
    {
      ...paging,
      ids: Type.Optional(idList('orders')),
      status: Type.Optional(OrderStatus),
      number: Type.Optional(OrderNumber),
      user_id: Type.Optional(UserId),
      email: Type.Optional({
        ...GivenEmail,
        description: 'For staff: orders of the accounts and guests that have this address now, the newest hundred of them.',
      } as typeof GivenEmail),
      sku: Type.Optional({ ...Sku, description: 'For staff: orders of the product that was sold under this SKU.' } as typeof Sku),
      from: Type.Optional({ ...GivenTimestamp, description: 'Only orders placed at this instant or later.' } as typeof GivenTimestamp),
      to: Type.Optional({ ...GivenTimestamp, description: 'Only orders placed before this instant.' } as typeof GivenTimestamp),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Array(Order) },
  errors: ['forbidden', 'cursor_invalid', 'service_unavailable'],
});
/** What a table of statuses shows beside the list. */
export const OrderCount = Type.Object(
  {
    status: OrderStatus,
    orders: Type.Integer({ minimum: 0, description: 'How many orders have this status, counted up to 10,000.' }),
    more: Type.Boolean({ description: 'There are more than were counted.' }),
    oldest_at: Nullable({ ...Timestamp, description: 'When the oldest of them was placed; null where there is none.' } as typeof Timestamp),
  },
  { title: 'OrderCount' },
);
export type OrderCount = Static<typeof OrderCount>;
export const countOrders = defineRoute({
  method: 'GET',
  path: '/api/orders/counts',
  service: 'orders',
  summary: 'How many orders have each status',
  access: 'staff',
  scope: 'orders:read',
  limit: 'read',
  responses: { 200: Type.Array(OrderCount) },
});
/** Oldest first, so that what was read stays read: who goes on from the last address gets what was placed since. */
export const exportOrders = defineRoute({
  method: 'GET',
  path: '/api/orders/export',
  service: 'orders',
  summary: 'All orders for other systems, oldest first, one JSON document a line',
  access: 'staff',
  scope: 'orders:read',
  limit: 'read',
  timeout_ms: 60_000,
  query: Type.Object(
    {
      cursor: paging.cursor,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1_000, description: 'How many lines at most.' })),
    },
    { additionalProperties: false },
  ),
  response_types: ['application/x-ndjson'],
  responses: { 200: Type.String({ description: 'Orders as GET /api/orders/{order_id} answers them, each in a line.' }) },
  errors: ['cursor_invalid'],
});

/** A line of the history of an order that staff have caused. */
export const StaffOrderAction = Type.Object(
  { order_id: OrderId, order_number: OrderNumber, ...OrderTransition.properties },
  { title: 'StaffOrderAction' },
);
export type StaffOrderAction = Static<typeof StaffOrderAction>;

export const listOrderActions = defineRoute({
  method: 'GET',
  path: '/api/orders/staff-actions',
  service: 'orders',
  summary: 'What staff did to orders, the newest first',
  access: 'admin',
  limit: 'read',
  query: Type.Object({ ...paging }, { additionalProperties: false }),
  responses: { 200: Type.Array(StaffOrderAction) },
  errors: ['cursor_invalid'],
});

export const orderListRoutes = [listOrders, countOrders, exportOrders, listOrderActions, listShopActions] as const;
