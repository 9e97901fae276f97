/** Drills: something of the shop is ended on purpose, and the shop is watched until the auditor has judged its books. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Nullable, Timestamp, UserId } from '../fields.ts';
import { type DataServiceName, dataServices } from '../services.ts';
import { AuditReport } from './operations.ts';

/** Longest time that a drill keeps its target away, in seconds. */
export const drillSecondsMax = 120;

const states = ['ending', 'away', 'returning', 'recovering', 'auditing', 'over', 'failed'] as const;

/** What a drill may take away, in the order in which it is offered. */
export const drillTargets = [...dataServices, 'broker'] as const;

export const DrillTarget = Type.Unsafe<DataServiceName | 'broker'>(
  Type.Union(
    drillTargets.map((name) => Type.Literal(name)),
    { description: 'What is taken away: a service with all of its processes, or the broker.' },
  ),
);
export type DrillTarget = Static<typeof DrillTarget>;
/** In answers: a shop may get further services, and clients take names that they do not know. */
const DrillTargetName = Type.String({ description: 'What is taken away: the name of a service, or broker.' });

export const DrillMeans = Type.Union([Type.Literal('killed'), Type.Literal('stopped')], {
  description: 'killed: its processes end as in a crash. stopped: it shares a process with the rest of the shop and is ended in order.',
});
export type DrillMeans = Static<typeof DrillMeans>;

const DrillId = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'A drill, made by the client: the same request never begins two.',
});
const Waiting = Nullable(
  Type.Integer({ minimum: 0, description: 'Orders that wait for stock or payment; null while it cannot be known.' }),
);

export const Drill = Type.Object(
  {
    id: DrillId,
    target: DrillTargetName,
    means: DrillMeans,
    duration_s: Type.Integer({ minimum: 1, maximum: drillSecondsMax, description: 'How long the target is kept away.' }),
    started_by: UserId,
    started_at: Timestamp,
    state: Type.Unsafe<(typeof states)[number]>(
      Type.Union(
        states.map((state) => Type.Literal(state)),
        {
          description:
            'ending: its target is being ended. away: that is gone. returning: it is being started. recovering: orders that waited go on. auditing: the auditor compares the ledgers. failed: see failure.',
        },
      ),
    ),
    gone_at: Nullable(Timestamp),
    back_at: Nullable({ ...Timestamp, description: 'Since when the target takes work again.' }),
    recovered_at: Nullable({ ...Timestamp, description: 'Since when no more orders wait than before; null where that took too long.' }),
    ended_at: Nullable(Timestamp),
    waiting_before: Waiting,
    waiting_most: Waiting,
    samples: Type.Array(Type.Object({ after_ms: Type.Integer({ minimum: 0 }), waiting: Waiting }), {
      description: 'How many orders waited, about every second.',
    }),
    verdict: Nullable(AuditReport),
    failure: Nullable(Type.String({ description: 'Why it could not be carried through, or what is tried once more.' })),
  },
  { title: 'Drill' },
);
export type Drill = Static<typeof Drill>;

export const Drills = Type.Object(
  {
    allowed: Type.Boolean({ description: 'Whether this shop allows drills at all.' }),
    targets: Type.Array(Type.Object({ target: DrillTargetName, means: DrillMeans }), { description: 'What can be taken away here.' }),
    drills: Type.Array(Drill, { description: 'The newest first; forgotten when the shop is stopped.' }),
  },
  { title: 'Drills' },
);
export type Drills = Static<typeof Drills>;

export const StartDrill = Type.Object(
  { target: DrillTarget, duration_s: Drill.properties.duration_s },
  { additionalProperties: false, title: 'StartDrill' },
);

const byDrill = Type.Object({ drill_id: DrillId });

export const listDrills = defineRoute({
  method: 'GET',
  path: '/api/drills',
  service: 'operations',
  summary: 'Drills, and what can be taken away',
  access: 'staff',
  limit: 'read',
  responses: { 200: Drills },
  errors: ['service_unavailable'],
});
export const startDrill = defineRoute({
  method: 'PUT',
  path: '/api/drills/{drill_id}',
  service: 'operations',
  summary: 'Take a part of the shop away for some seconds, and judge the books afterwards; repeated, the same drill',
  access: 'admin',
  limit: 'write',
  params: byDrill,
  body: StartDrill,
  responses: { 200: Drill },
  errors: ['drills_off', 'drill_running', 'service_unavailable'],
});
export const endDrill = defineRoute({
  method: 'DELETE',
  path: '/api/drills/{drill_id}',
  service: 'operations',
  summary: 'Bring back now what the drill has taken away; it is judged all the same',
  access: 'admin',
  limit: 'write',
  params: byDrill,
  responses: { 200: Drill },
  errors: ['drills_off', 'drill_unknown', 'service_unavailable'],
});

/** What operations hands on to the process that runs the shop: also who has asked. */
export const DrillOrder = Type.Object(
  { ...StartDrill.properties, id: DrillId, started_by: UserId },
  { additionalProperties: false, title: 'DrillOrder' },
);
export type DrillOrder = Static<typeof DrillOrder>;

export const drillRoutes = [listDrills, startDrill, endDrill] as const;
