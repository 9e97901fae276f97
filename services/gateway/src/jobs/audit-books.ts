import type { Job } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import type { BookAuditor } from '../use-cases/audit-books.ts';

/** Keeps the report of the books fresh. The first run comes after one interval: a platform that is starting has nothing to prove yet. */
export function auditBooks(auditor: BookAuditor, every_ms: number): Job<GatewayContext> {
  let isFirst = true;
  return {
    name: 'audit-books',
    every_ms,
    async run() {
      if (!isFirst) await auditor.run();
      isFirst = false;
    },
  };
}
