/** The state of the whole platform, as `GET /api/status` reports it to staff. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { ChaosState } from './chaos.ts';

const Count = Type.Integer({ minimum: 0 });
const MaybeNumber = Type.Union([Type.Number(), Type.Null()]);
const MaybeCount = Type.Union([Count, Type.Null()]);
const MaybeText = Type.Union([Type.String(), Type.Null()]);
export const StatusWord = Type.Union([Type.Literal('healthy'), Type.Literal('degraded'), Type.Literal('unhealthy')]);
export type StatusWord = Static<typeof StatusWord>;

/** The status of a service from those of its instances: healthy when all are, unhealthy when none is better, else degraded. */
export function combinedStatus(instances: readonly StatusWord[]): StatusWord {
  if (instances.every((status) => status === 'unhealthy')) return 'unhealthy';
  return instances.every((status) => status === 'healthy') ? 'healthy' : 'degraded';
}

/** Worked out from two readings; null until there are two. */
export const RequestRates = Type.Object({
  per_second: Type.Number(),
  errors_per_second: Type.Number(),
  error_share: Type.Number(),
  /** Null when nothing was asked. A bound of the histogram, so at most this. */
  p50_ms: MaybeNumber,
  p95_ms: MaybeNumber,
});
export type RequestRates = Static<typeof RequestRates>;

const MaybeRates = Type.Union([RequestRates, Type.Null()]);

export const Incident = Type.Object({
  id: Type.String({ description: 'The same as long as it is the same incident.' }),
  severity: Type.Union([Type.Literal('unhealthy'), Type.Literal('degraded'), Type.Literal('notice')]),
  service: MaybeText,
  title: Type.String(),
  detail: Type.String({ description: 'What it means, and what to do.' }),
  command: Type.Union([Type.String(), Type.Null()]),
  since: Type.String(),
  since_at_least: Type.Boolean({ description: 'It was there already at the first observation.' }),
});
export type Incident = Static<typeof Incident>;

export const PlatformStatus = Type.Object(
  {
    now: Type.String(),
    /** The operations instance that answers, and since when it has been observing. */
    reported_by: Type.Object({ instance_id: Type.String(), observing_since: Type.String() }),
    status: StatusWord,
    world: Type.Union([Type.Literal('embedded'), Type.Literal('distributed')]),
    incidents: Type.Array(Incident, { description: 'The worst first.' }),
    /** Resolved by now, the latest first. */
    past: Type.Array(Type.Object({ title: Type.String(), since: Type.String(), until: Type.String() })),
    services: Type.Array(
      Type.Object({
        name: Type.String(),
        status: StatusWord,
        requests: MaybeRates,
        outbox: Type.Union([Type.Object({ backlog: Count, oldest_age_s: Type.Number() }), Type.Null()]),
        instances: Type.Array(
          Type.Object({
            instance_id: Type.String(),
            address: Type.String(),
            status: StatusWord,
            /** Why it is not healthy, one sentence for each reason. */
            reasons: Type.Array(Type.String()),
            code_version: MaybeText,
            started_at: MaybeText,
            requests: MaybeRates,
            database: Type.Union([Type.Object({ busy: Count, idle: Count, waiting: Count }), Type.Null()]),
            chaos: Type.Union([ChaosState, Type.Null()]),
          }),
        ),
      }),
    ),
    broker: Type.Object({ kind: Type.String(), status: StatusWord, connected: Count, instances: Count }),
    redis: Type.Union([Type.Object({ status: StatusWord, connected: Count, instances: Count }), Type.Null()]),
    queues: Type.Array(
      Type.Object({
        queue: Type.String(),
        service: Type.String(),
        ready: MaybeCount,
        unsettled: MaybeCount,
        oldest_age_s: MaybeNumber,
        /** Consumers that would be given messages now. */
        attached: Count,
        dead: MaybeCount,
      }),
    ),
    dead_letters: Type.Array(
      Type.Object({
        queue: Type.String(),
        service: Type.String(),
        count: Count,
        oldest_at: Type.String(),
        reasons: Type.Array(Type.String()),
        /** Shows them; replaying and discarding begin the same way. */
        command: Type.String(),
      }),
    ),
    checkouts: Type.Union([
      Type.Array(Type.Object({ status: Type.String(), count: Count, counted_max: Count, oldest_at: MaybeText })),
      Type.Null(),
    ]),
    breakers: Type.Array(Type.Object({ upstream: Type.String(), gateway: Type.String(), state: Type.String() })),
    audit: Type.Union([
      Type.Object({
        finished_at: Type.String(),
        balanced: Type.Boolean(),
        violations: Count,
        warnings: Count,
        instance_id: Type.String({ description: 'The operations instance that audited.' }),
      }),
      Type.Null(),
    ]),
    missing: Type.Array(Type.Object({ instance_id: Type.String(), part: Type.String(), reason: Type.String() }), {
      description: 'Parts that could not be read: nothing is known of them now.',
    }),
  },
  { title: 'PlatformStatus' },
);
export type PlatformStatus = Static<typeof PlatformStatus>;

export const getStatus = defineRoute({
  method: 'GET',
  path: '/api/status',
  service: 'operations',
  summary: 'The state of the whole platform, for the status page',
  access: 'staff',
  limit: 'read',
  responses: { 200: PlatformStatus },
});

/** The same between replicas: the leader answers it. */
export const leaderStatusRoute = defineRoute({
  ...getStatus,
  path: '/internal/platform-status',
  summary: 'The same for other operations instances',
  access: 'internal',
  limit: 'none',
});

export const getStatusPage = defineRoute({
  method: 'GET',
  path: '/status',
  service: 'operations',
  summary: 'The status page (HTML); what it shows needs a sign-in of staff',
  access: 'public',
  limit: 'read',
  response_types: ['text/html'],
  responses: { 200: Type.Unknown() },
});
