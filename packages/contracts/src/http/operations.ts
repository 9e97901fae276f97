/** What operators have: status of the platform, audits, dead letters of all services. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Timestamp } from '../fields.ts';
import { type DataServiceName, dataServices } from '../services.ts';
import { DeadLetter } from './internal.ts';
import { explainOrder, explainOrderRoute } from './order-explanation.ts';
import { paging } from './paging.ts';
import { getReceipt } from './receipts.ts';
import { getStatus, getStatusPage, leaderStatusRoute } from './status.ts';

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

export const getAudit = defineRoute({
  method: 'GET',
  path: '/api/audit',
  service: 'operations',
  summary: 'The last report of the auditor',
  access: 'staff',
  limit: 'read',
  timeout_ms: 120_000,
  query: Type.Object({ run: Type.Optional(Type.Literal('now')) }, { additionalProperties: false }),
  responses: { 200: AuditReport },
  errors: ['service_unavailable'],
});
/** The same between replicas: the leader answers it. */
export const leaderAuditRoute = defineRoute({
  ...getAudit,
  path: '/internal/audit',
  summary: 'The same for other operations instances',
  access: 'internal',
  limit: 'none',
});

export const ProofSummary = Type.Object(
  {
    audit: Type.Union(
      [
        Type.Object({
          finished_at: Timestamp,
          balanced: Type.Boolean({ description: 'No record of one service contradicts those of the others.' }),
          counts: AuditReport.properties.counts,
          violation_count: Type.Integer({ minimum: 0 }),
        }),
        Type.Null(),
      ],
      { description: 'The last audit of the books; null when none has ended since the auditor was started.' },
    ),
  },
  { title: 'ProofSummary' },
);
export type ProofSummary = Static<typeof ProofSummary>;

/** Never runs an audit: everybody may ask. */
export const getProof = defineRoute({
  method: 'GET',
  path: '/api/proof',
  service: 'operations',
  summary: 'What the last audit of the books has found, in numbers',
  access: 'public',
  limit: 'read',
  responses: { 200: ProofSummary },
});
/** The same between replicas: the leader answers it. */
export const leaderProofRoute = defineRoute({
  ...getProof,
  path: '/internal/proof',
  summary: 'The same for other operations instances',
  access: 'internal',
  limit: 'none',
});

const ofService = {
  service: Type.Unsafe<DataServiceName>(
    Type.Union(
      dataServices.map((name) => Type.Literal(name)),
      { description: 'The service whose consumers failed.' },
    ),
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
  service: 'operations',
  summary: 'Dead letters of a service, newest first',
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
  service: 'operations',
  summary: 'One dead letter',
  access: 'staff',
  limit: 'read',
  params: Type.Object({ ...ofService, id: letterId }),
  responses: { 200: DeadLetter },
  errors: ['dead_letter_unknown', 'service_unavailable'],
});
export const discardDeadLetter = defineRoute({
  method: 'DELETE',
  path: '/api/dead-letters/{service}/{id}',
  service: 'operations',
  summary: 'Discard a dead letter',
  access: 'staff',
  limit: 'write',
  params: Type.Object({ ...ofService, id: letterId }),
  responses: { 204: null },
  errors: ['dead_letter_unknown', 'service_unavailable'],
});
export const replayDeadLetters = defineRoute({
  method: 'POST',
  path: '/api/dead-letters/{service}/replay',
  service: 'operations',
  summary: 'Replay dead letters: by id, queue or reason',
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

export const operationsRoutes = [
  getAudit,
  leaderAuditRoute,
  getProof,
  leaderProofRoute,
  explainOrder,
  explainOrderRoute,
  getReceipt,
  getStatus,
  getStatusPage,
  leaderStatusRoute,
  listDeadLetters,
  getDeadLetter,
  discardDeadLetter,
  replayDeadLetters,
] as const;
