/** Routes every service has for the platform itself, behind the internal token. */
import Type, { type Static } from 'typebox';
import type { RouteDeclaration } from '../define-route.ts';
import { GivenTimestamp } from '../fields.ts';
import { paging } from './paging.ts';

/** One page of the audit records of a service, in order of `key`. */
export const AuditPage = Type.Object(
  {
    service: Type.String(),
    now: Type.String(),
    // Written as they are: member by member they would cost a third of an audit.
    records: Type.Unsafe<Record<string, unknown>[]>(Type.Array(Type.Unknown())),
    next: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'AuditPage' },
);
export type AuditPage = Static<typeof AuditPage>;

/** The declaration of a service's `GET /internal/audit/records`: `kind` names the stream, `after` is the last key seen. */
export const auditRecordsRoute = {
  method: 'GET',
  path: '/internal/audit/records',
  summary: 'Records for the auditor',
  access: 'internal',
  limit: 'none',
  query: Type.Object(
    {
      kind: Type.String({ pattern: '^[a-z_]{1,40}$' }),
      after: Type.Optional(Type.String({ maxLength: 200 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000, default: 1_000 })),
    },
    { additionalProperties: false },
  ),
  responses: { 200: AuditPage },
} as const satisfies Omit<RouteDeclaration, 'service'>;

/** The declaration of a service's `POST /internal/republish`. */
export const republishRoute = {
  method: 'POST',
  path: '/internal/republish',
  summary: 'Publish once more, from state, what changed since an instant',
  access: 'internal',
  limit: 'none',
  body: Type.Object({ since: GivenTimestamp }, { additionalProperties: false }),
  responses: { 200: Type.Object({ published: Type.Integer({ description: 'Events written to the outbox.' }) }) },
} as const satisfies Omit<RouteDeclaration, 'service'>;

export const DeadLetter = Type.Object(
  {
    id: Type.String(),
    queue: Type.String(),
    event_id: Type.Union([Type.String(), Type.Null()]),
    event_type: Type.Union([Type.String(), Type.Null()]),
    reason: Type.String({ description: 'The error code.' }),
    detail: Type.String(),
    attempts: Type.Integer(),
    correlation_id: Type.Union([Type.String(), Type.Null()]),
    traceparent: Type.Union([Type.String(), Type.Null()]),
    code_version: Type.String(),
    body: Type.String({ description: 'The message as it came.' }),
    died_at: Type.String(),
  },
  { title: 'DeadLetter' },
);
export type DeadLetter = Static<typeof DeadLetter>;
export const deadLetterQuery = Type.Object(
  { ...paging, queue: Type.Optional(Type.String({ maxLength: 100 })), reason: Type.Optional(Type.String({ maxLength: 100 })) },
  { additionalProperties: false },
);
