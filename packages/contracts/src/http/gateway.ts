import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { OrderId } from '../fields.ts';
import { gatewayInstanceStatusRoute } from './instance-status.ts';
import { Order } from './orders.ts';
import { Product } from './products.ts';
import { User } from './users.ts';

export const OrderDetails = Type.Object(
  {
    order: Order,
    user: Type.Union([User, Type.Null()]),
    products: Type.Array(Product),
    incomplete: Type.Array(Type.String({ description: 'The parts that could not be read: user, products.' })),
  },
  { title: 'OrderDetails' },
);
export type OrderDetails = Static<typeof OrderDetails>;

export const InstanceRegistration = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9.:_-]+$' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    health_check_path: Type.Optional(Type.String({ pattern: '^/(?:[A-Za-z0-9_.-][A-Za-z0-9/_.-]{0,199})?$' })),
    metadata: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z0-9._-]{1,60}$' }), Type.String({ maxLength: 300 }), {
        additionalProperties: false,
        maxProperties: 20,
      }),
    ),
  },
  { additionalProperties: false, title: 'InstanceRegistration' },
);
export type InstanceRegistration = Static<typeof InstanceRegistration>;

/** What Prometheus asks an HTTP service discovery for: groups of addresses with the labels of their series. */
export const ScrapeTargets = Type.Array(
  Type.Object(
    {
      targets: Type.Array(Type.String({ description: 'host:port of one process' })),
      labels: Type.Object({ service: Type.String(), instance_id: Type.String() }),
    },
    { title: 'ScrapeTarget' },
  ),
);
export type ScrapeTargets = Static<typeof ScrapeTargets>;

const MaybeText = Type.Union([Type.String(), Type.Null()]);

/** An instance as the registry shows it, with the outcome of the last health check of this gateway. */
export const ListedInstance = Type.Object(
  {
    instance_id: Type.String(),
    host: Type.String(),
    port: Type.Integer(),
    health_check_path: Type.String(),
    metadata: Type.Record(Type.String(), Type.String()),
    healthy: Type.Boolean({ description: 'Requests are sent to it.' }),
    last_checked_at: MaybeText,
    last_error: MaybeText,
    registered_at: MaybeText,
    lease_until: MaybeText,
  },
  { title: 'ListedInstance' },
);
export type ListedInstance = Static<typeof ListedInstance>;

const byOrder = Type.Object({ order_id: OrderId });
const byInstance = Type.Object({
  name: Type.String({ pattern: '^[a-z][a-z-]{1,40}$' }),
  instance_id: Type.String({ pattern: '^[A-Za-z0-9._-]{1,80}$' }),
});

export const getOrderDetails = defineRoute({
  method: 'GET',
  path: '/api/orders/{order_id}/details',
  service: 'gateway',
  summary: 'An order with its customer and products',
  access: 'authenticated',
  scope: 'orders:read',
  limit: 'read',
  params: byOrder,
  responses: { 200: OrderDetails },
  errors: ['service_unavailable'],
});
export const getOrderFull = defineRoute({
  method: 'GET',
  path: '/api/orders/{order_id}/full',
  service: 'gateway',
  summary: 'The same as details',
  access: 'authenticated',
  scope: 'orders:read',
  limit: 'read',
  params: byOrder,
  responses: { 200: OrderDetails },
  errors: ['service_unavailable'],
});
export const listServices = defineRoute({
  method: 'GET',
  path: '/registry/services',
  service: 'gateway',
  summary: 'All registered instances',
  access: 'internal',
  limit: 'none',
  responses: { 200: Type.Record(Type.String(), Type.Array(ListedInstance)) },
});
export const listScrapeTargets = defineRoute({
  method: 'GET',
  path: '/registry/targets',
  service: 'gateway',
  summary: 'All instances as scrape targets of Prometheus (http_sd)',
  access: 'internal',
  limit: 'none',
  responses: { 200: ScrapeTargets },
});
export const putInstance = defineRoute({
  method: 'PUT',
  path: '/registry/services/{name}/{instance_id}',
  service: 'gateway',
  summary: 'Register an instance or renew its lease',
  access: 'internal',
  limit: 'none',
  params: byInstance,
  body: InstanceRegistration,
  responses: { 200: Type.Record(Type.String(), Type.Unknown()) },
  errors: ['registration_invalid'],
});
export const deleteInstance = defineRoute({
  method: 'DELETE',
  path: '/registry/services/{name}/{instance_id}',
  service: 'gateway',
  summary: 'Take an instance out',
  access: 'internal',
  limit: 'none',
  params: byInstance,
  responses: { 204: null },
});

export const gatewayRoutes = [
  getOrderDetails,
  getOrderFull,
  gatewayInstanceStatusRoute,
  listServices,
  listScrapeTargets,
  putInstance,
  deleteInstance,
] as const;
