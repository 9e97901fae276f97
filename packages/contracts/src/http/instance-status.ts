/** What every process reports to operations about itself, so that the status page can be put together. */
import Type, { type Static } from 'typebox';
import type { RouteDeclaration } from '../define-route.ts';
import { ChaosState } from './chaos.ts';

const Count = Type.Integer({ minimum: 0 });
const Maybe = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const HealthWord = Type.Union([Type.Literal('healthy'), Type.Literal('degraded'), Type.Literal('unhealthy')]);

/** Counters of the requests to the API since `started_at`; two readings make rates. */
export const RequestTotals = Type.Object({
  requests: Count,
  /** Of them, answered with 5xx. */
  errors: Count,
  /** How many took at most `le` seconds; the last bound may be passed. */
  buckets: Type.Array(Type.Object({ le: Type.Number(), count: Count })),
});
export type RequestTotals = Static<typeof RequestTotals>;

export const QueueReading = Type.Object({
  queue: Type.String(),
  /** Null where the broker does not answer. */
  ready: Maybe(Count),
  oldest_age_s: Maybe(Type.Number()),
  /** In the hands of this process. */
  unsettled: Count,
  attached: Type.Boolean(),
});
export type QueueReading = Static<typeof QueueReading>;

export const DeadLetterReading = Type.Object({
  queue: Type.String(),
  count: Count,
  oldest_at: Type.String(),
  reasons: Type.Array(Type.String({ description: 'Some of the error codes.' })),
});
export type DeadLetterReading = Static<typeof DeadLetterReading>;

export const CheckoutReading = Type.Object({
  status: Type.String(),
  /** At most `counted_max` are counted. */
  count: Count,
  counted_max: Count,
  /** Of those that wait, the one that has waited longest; null for final states. */
  oldest_at: Maybe(Type.String()),
});
export type CheckoutReading = Static<typeof CheckoutReading>;

export const GatewayReading = Type.Object({
  breakers: Type.Array(
    Type.Object({ upstream: Type.String(), state: Type.Union([Type.Literal('closed'), Type.Literal('half_open'), Type.Literal('open')]) }),
  ),
});
export type GatewayReading = Static<typeof GatewayReading>;

export const InstanceStatus = Type.Object(
  {
    service: Type.String(),
    instance_id: Type.String(),
    code_version: Type.String(),
    started_at: Type.String(),
    now: Type.String(),
    status: HealthWord,
    checks: Type.Record(Type.String(), Type.Object({ status: HealthWord, detail: Type.Optional(Type.String()) })),
    requests: RequestTotals,
    broker: Maybe(Type.Object({ kind: Type.Union([Type.Literal('embedded'), Type.Literal('rabbitmq')]), connected: Type.Boolean() })),
    /** Null where Redis is not used. */
    redis: Maybe(Type.Object({ connected: Type.Boolean() })),
    chaos: Maybe(ChaosState),
    /** Null where there is no database, as the one below. */
    outbox: Maybe(Type.Object({ backlog: Count, oldest_age_s: Type.Number() })),
    database: Maybe(Type.Object({ busy: Count, idle: Count, waiting: Count })),
    queues: Type.Array(QueueReading),
    dead_letters: Type.Array(DeadLetterReading),
    /** Only where the saga runs. */
    checkouts: Type.Optional(Type.Array(CheckoutReading)),
    /** Only in gateways. */
    gateway: Type.Optional(GatewayReading),
    missing: Type.Array(Type.Object({ part: Type.String(), reason: Type.String() }), { description: 'What could not be read in time.' }),
  },
  { title: 'InstanceStatus' },
);
export type InstanceStatus = Static<typeof InstanceStatus>;

const about = { method: 'GET', summary: 'Status of this instance, for the status page', access: 'internal', limit: 'none' } as const;

/** The declaration of a service's `GET /internal/status`. */
export const instanceStatusRoute = {
  ...about,
  path: '/internal/status',
  responses: { 200: InstanceStatus },
} as const satisfies Omit<RouteDeclaration, 'service'>;

/** The same of a gateway, where nothing is at `/internal`. */
export const gatewayInstanceStatusRoute = {
  ...about,
  path: '/registry/status',
  service: 'gateway',
  responses: { 200: InstanceStatus },
} as const satisfies RouteDeclaration;
