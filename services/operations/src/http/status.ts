import { getStatus, getStatusPage, leaderStatusRoute } from '@souk/contracts';
import { answer, answerContent, type ServedRoute, serve } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import type { StatusMonitor } from '../use-cases/get-status.ts';
import { readStatusPage } from './status-page.ts';

const uncached = { headers: { 'cache-control': 'no-store' } };

export function statusRoutes(monitor: StatusMonitor): readonly ServedRoute<OperationsContext>[] {
  const page = readStatusPage();
  return [
    serve(getStatusPage, async () => answerContent(200, 'text/html; charset=utf-8', page.text, { headers: page.headers })),
    serve(getStatus, async (_context: OperationsContext, { cause, signal }) =>
      answer(200, await monitor.statusOfLeader({ cause, signal }), uncached),
    ),
    serve(leaderStatusRoute, async () => answer(200, await monitor.status(), uncached)),
  ];
}
