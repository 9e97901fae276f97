import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { OrderId, Timestamp } from '../fields.ts';
import { gatewayFiguresRoute } from './figures.ts';
import { DeadLetter } from './internal.ts';
import { Order } from './orders.ts';
import { paging } from './paging.ts';
import { Product } from './products.ts';
import { getStatus } from './status.ts';
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

export const AuditReport = Type.Object(
  {
    started_at: Timestamp,
    finished_at: Timestamp,
    balanced: Type.Boolean(),
    counts: Type.Object({ orders: Type.Integer(), payments: Type.Integer(), movements: Type.Integer() }),
    violations: Type.Array(Type.Object({ rule: Type.String(), detail: Type.String(), ids: Type.Array(Type.String()) })),
    warnings: Type.Array(Type.Object({ rule: Type.String(), detail: Type.String(), ids: Type.Array(Type.String()) })),
  },
  { title: 'AuditReport' },
);
export type AuditReport = Static<typeof AuditReport>;

export const InstanceRegistration = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9.:_-]+$' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    health_check_path: Type.Optional(Type.String({ pattern: '^/[A-Za-z0-9/_.-]{0,200}$' })),
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
  limit: 'read',
  params: byOrder,
  responses: { 200: OrderDetails },
  errors: ['service_unavailable'],
});
export const getAudit = defineRoute({
  method: 'GET',
  path: '/api/audit',
  service: 'gateway',
  summary: 'The books: the last report of the auditor',
  access: 'staff',
  limit: 'read',
  timeout_ms: 120_000,
  query: Type.Object({ run: Type.Optional(Type.Literal('now')) }, { additionalProperties: false }),
  responses: { 200: AuditReport },
  errors: ['service_unavailable'],
});
export const listServices = defineRoute({
  method: 'GET',
  path: '/registry/services',
  service: 'gateway',
  summary: 'All registered instances',
  access: 'internal',
  limit: 'none',
  responses: { 200: Type.Record(Type.String(), Type.Array(Type.Record(Type.String(), Type.Unknown()))) },
});
export const listScrapeTargets = defineRoute({
  method: 'GET',
  path: '/registry/targets',
  service: 'gateway',
  summary: 'Every instance as Prometheus wants to hear of it (http_sd)',
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

const ofService = {
  service: Type.Union(
    [
      Type.Literal('users'),
      Type.Literal('products'),
      Type.Literal('orders'),
      Type.Literal('inventory'),
      Type.Literal('payments'),
      Type.Literal('notifications'),
    ],
    { description: 'The service whose consumers gave up.' },
  ),
};
const letterCause = {
  queue: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Only those of this queue.' })),
  reason: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Only those with this error code.' })),
};
const letterId = Type.String({ pattern: '^[0-9]{1,18}$' });

export const listDeadLetters = defineRoute({
  method: 'GET',
  path: '/api/dead-letters/{service}',
  service: 'gateway',
  summary: 'Messages a service gave up, newest first',
  access: 'staff',
  limit: 'read',
  params: Type.Object(ofService),
  query: Type.Object({ ...paging, ...letterCause }, { additionalProperties: false }),
  responses: { 200: Type.Array(DeadLetter) },
  errors: ['cursor_invalid', 'service_unavailable'],
});
export const getDeadLetter = defineRoute({
  method: 'GET',
  path: '/api/dead-letters/{service}/{id}',
  service: 'gateway',
  summary: 'One message that was given up',
  access: 'staff',
  limit: 'read',
  params: Type.Object({ ...ofService, id: letterId }),
  responses: { 200: DeadLetter },
  errors: ['dead_letter_unknown', 'service_unavailable'],
});
export const discardDeadLetter = defineRoute({
  method: 'DELETE',
  path: '/api/dead-letters/{service}/{id}',
  service: 'gateway',
  summary: 'Throw a message away',
  access: 'staff',
  limit: 'write',
  params: Type.Object({ ...ofService, id: letterId }),
  responses: { 204: null },
  errors: ['dead_letter_unknown', 'service_unavailable'],
});
export const replayDeadLetters = defineRoute({
  method: 'POST',
  path: '/api/dead-letters/{service}/replay',
  service: 'gateway',
  summary: 'Handle messages again: by id, queue or reason',
  access: 'staff',
  limit: 'write',
  params: Type.Object(ofService),
  body: Type.Object(
    { id: Type.Optional(letterId), ids: Type.Optional(Type.Array(letterId, { minItems: 1, maxItems: 1_000 })), ...letterCause },
    { additionalProperties: false, minProperties: 1 },
  ),
  responses: { 200: Type.Object({ replayed: Type.Integer({ minimum: 0 }) }) },
  errors: ['service_unavailable'],
});

export const gatewayRoutes = [
  getOrderDetails,
  getOrderFull,
  getAudit,
  getStatus,
  gatewayFiguresRoute,
  listServices,
  listScrapeTargets,
  putInstance,
  deleteInstance,
  listDeadLetters,
  getDeadLetter,
  discardDeadLetter,
  replayDeadLetters,
] as const;
