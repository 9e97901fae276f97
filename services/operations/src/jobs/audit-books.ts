import type { Job } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import type { Auditor } from '../use-cases/run-audit.ts';

/** Between two looks at whether an audit is due: soon after a start, and soon after another instance has stopped leading. */
const everyMs = 5_000;

/** Keeps the report of the books fresh. */
export function auditBooks(auditor: Auditor): Job<OperationsContext> {
  return { name: 'audit-books', every_ms: everyMs, run: () => auditor.runIfDue() };
}
