import { getAudit, refusal } from '@souk/contracts';
import { createSchemaCheck } from '@souk/service-kit';
import type { BookAuditor } from '../use-cases/audit-books.ts';
import type { OwnRoute } from './own-route.ts';

const checkQuery = createSchemaCheck(getAudit.query);

export function auditRoutes(auditor: BookAuditor): readonly OwnRoute[] {
  return [
    {
      method: getAudit.method,
      path: getAudit.path,
      async answer(_context, { query }) {
        const members = Object.fromEntries(query);
        const errors = checkQuery(members, true);
        if (errors) throw refusal('validation_failed', 'The query is not valid.', { errors });
        return {
          status: 200,
          body: await (members['run'] === 'now' ? auditor.run() : auditor.last()),
          headers: { 'cache-control': 'no-store' },
        };
      },
    },
  ];
}
