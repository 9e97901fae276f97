import { getAudit } from '@souk/contracts';
import { createQueryReader } from '@souk/service-kit';
import type { BookAuditor } from '../use-cases/audit-books.ts';
import type { OwnRoute } from './own-route.ts';

const readQuery = createQueryReader(getAudit.query);

export function auditRoutes(auditor: BookAuditor): readonly OwnRoute[] {
  return [
    {
      method: getAudit.method,
      path: getAudit.path,
      async answer(_context, { url }) {
        const { run } = readQuery(url) as { run?: 'now' };
        return {
          status: 200,
          body: await (run === 'now' ? auditor.run() : auditor.last()),
          headers: { 'cache-control': 'no-store' },
        };
      },
    },
  ];
}
