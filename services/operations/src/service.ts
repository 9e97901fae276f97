/** The table of contents of the service: its routes and its jobs. */
import { timestamp } from '@souk/kernel';
import { buildStatelessService, type ProcessOverrides, processStatus, type RunnableService } from '@souk/service-kit';
import type { OperationsConfig } from './config.ts';
import { type OperationsContext, openOperationsContext } from './context.ts';
import { auditRoutes } from './http/audit.ts';
import { deadLetterRoutes } from './http/dead-letters.ts';
import { drillRoutes } from './http/drills.ts';
import { explanationRoutes } from './http/order-explanation.ts';
import { receiptRoutes } from './http/receipts.ts';
import { signInRoutes } from './http/sign-in.ts';
import { statusRoutes } from './http/status.ts';
import { auditBooks } from './jobs/audit-books.ts';
import { watchPlatform } from './jobs/watch-platform.ts';
import { createStatusMonitor } from './use-cases/get-status.ts';
import { createReceiptOffice } from './use-cases/issue-receipt.ts';
import { createAuditor } from './use-cases/run-audit.ts';

/** Builds the service; nothing is connected before `start`. */
export function buildOperations(config: OperationsConfig, overrides: ProcessOverrides = {}): RunnableService<OperationsContext> {
  const context = openOperationsContext(config, overrides);
  const started_at = timestamp(context.clock.now());
  const auditor = createAuditor(context);
  const receipts = createReceiptOffice(context, auditor);
  const monitor = createStatusMonitor(context, {
    status: async () => processStatus(context, started_at, await service.health()),
    address: () => service.url,
    lastAudit: auditor.last,
  });
  const service = buildStatelessService<OperationsContext>({
    context,
    routes: [
      ...statusRoutes(monitor),
      ...auditRoutes(auditor),
      ...deadLetterRoutes,
      ...drillRoutes,
      ...explanationRoutes,
      ...receiptRoutes(receipts),
      ...signInRoutes,
    ],
    jobs: [
      ...(config.status_interval_ms > 0 ? [watchPlatform(monitor, config.status_interval_ms)] : []),
      ...(config.audit_interval_ms > 0 ? [auditBooks(auditor)] : []),
    ],
  });
  return service;
}
