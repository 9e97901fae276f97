import { getAudit, getProof, leaderAuditRoute, leaderProofRoute } from '@souk/contracts';
import { answer, type ServedRoute, serve } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import type { Auditor } from '../use-cases/run-audit.ts';

const uncached = { headers: { 'cache-control': 'no-store' } };
const briefly = { headers: { 'cache-control': 'public, max-age=10' } };

export function auditRoutes(auditor: Auditor): readonly ServedRoute<OperationsContext>[] {
  return [
    serve(getAudit, async (_context: OperationsContext, { query, cause, signal }) =>
      answer(200, await auditor.reportOfLeader(query, { cause, signal }), uncached),
    ),
    serve(getProof, async (_context: OperationsContext, { cause, signal }) =>
      answer(200, await auditor.summaryOfLeader({ cause, signal }), briefly),
    ),
    serve(leaderProofRoute, async () => answer(200, auditor.summary(), uncached)),
    serve(leaderAuditRoute, async (_context: OperationsContext, { query }) => answer(200, await auditor.report(query), uncached)),
  ];
}
