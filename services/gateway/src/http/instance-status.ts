/** What operations asks each gateway for, to show it on the status page. */
import { gatewayInstanceStatusRoute, type InstanceStatus } from '@souk/contracts';
import type { OwnRoute } from './own-route.ts';

export function instanceStatusRoutes(readStatus: () => InstanceStatus): readonly OwnRoute[] {
  return [
    { ...gatewayInstanceStatusRoute, answer: async () => ({ status: 200, body: readStatus(), headers: { 'cache-control': 'no-store' } }) },
  ];
}
