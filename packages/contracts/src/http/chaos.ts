/** Fault injection: the chaos switches every process has where `CHAOS_TOKEN` is set. */
import Type, { type Static } from 'typebox';
import type { RouteDeclaration } from '../define-route.ts';

export const chaosKinds = ['latency', 'errors', 'unhealthy'] as const;
export type ChaosKind = (typeof chaosKinds)[number];

const share = (description: string) => Type.Number({ exclusiveMinimum: 0, maximum: 1, description });

/** The faults to inject; they replace those that were on before. */
export const FaultSpec = Type.Object(
  {
    latency_ms: Type.Optional(Type.Integer({ minimum: 1, maximum: 30_000, description: 'How long requests are held back.' })),
    latency_share: Type.Optional(share('Share of the requests that is held back; default all.')),
    error_share: Type.Optional(share('Share of the requests that is refused.')),
    error_status: Type.Optional(
      Type.Union([Type.Literal(500), Type.Literal(502), Type.Literal(503), Type.Literal(504)], {
        description: 'The status they are refused with; default 500.',
      }),
    ),
    unhealthy: Type.Optional(Type.Literal(true, { description: '/health/ready and /health say unhealthy.' })),
    duration_s: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600, description: 'It ends by itself after this time; default 600.' })),
  },
  { additionalProperties: false, title: 'FaultSpec' },
);
export type FaultSpec = Static<typeof FaultSpec>;

/** The faults that are on in one process. */
export const ChaosState = Type.Object(
  {
    active: Type.Array(Type.Union([Type.Literal('latency'), Type.Literal('errors'), Type.Literal('unhealthy')])),
    latency_ms: Type.Union([Type.Integer(), Type.Null()]),
    latency_share: Type.Union([Type.Number(), Type.Null()]),
    error_share: Type.Union([Type.Number(), Type.Null()]),
    error_status: Type.Union([Type.Integer(), Type.Null()]),
    unhealthy: Type.Boolean(),
    since: Type.Union([Type.String(), Type.Null()]),
    until: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'ChaosState' },
);
export type ChaosState = Static<typeof ChaosState>;

const about = { path: '/chaos', access: 'chaos', limit: 'none' } as const;

export const readChaosRoute = {
  ...about,
  method: 'GET',
  summary: 'Which chaos switches are on',
  responses: { 200: ChaosState },
} as const satisfies Omit<RouteDeclaration, 'service'>;

export const switchChaosRoute = {
  ...about,
  method: 'PUT',
  summary: 'Switch chaos on, in place of what was on',
  body: FaultSpec,
  responses: { 200: ChaosState },
} as const satisfies Omit<RouteDeclaration, 'service'>;

export const endChaosRoute = {
  ...about,
  method: 'DELETE',
  summary: 'Switch all chaos off',
  responses: { 204: null },
} as const satisfies Omit<RouteDeclaration, 'service'>;
