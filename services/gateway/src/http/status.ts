/** The status page: a shell for everybody, and what it shows for staff. */
import { gatewayFiguresRoute, getStatus } from '@souk/contracts';
import type { StatusTeller } from '../use-cases/tell-status.ts';
import type { OwnRoute } from './own-route.ts';
import type { StatusPage } from './status-page.ts';

export function statusRoutes(status: StatusTeller, page: StatusPage): readonly OwnRoute[] {
  const headers = { 'cache-control': 'no-store' };
  return [
    {
      method: 'GET',
      path: '/status',
      answer: async () => ({ status: 200, text: page.text, content_type: 'text/html; charset=utf-8', headers: page.headers }),
    },
    { ...getStatus, answer: async () => ({ status: 200, body: await status.tell(), headers }) },
    { ...gatewayFiguresRoute, answer: async () => ({ status: 200, body: status.figures(), headers }) },
  ];
}
