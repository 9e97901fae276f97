import { endChaosRoute, readChaosRoute, type ServiceName, switchChaosRoute } from '@souk/contracts';
import { answer, noContent } from '../http/answer.ts';
import { type ServedRoute, serve } from '../http/serve.ts';
import type { ChaosSwitch } from './chaos-switch.ts';

/** The routes of the switch; without one there are none, and their address is as unknown as any other. */
export function chaosRoutes<C>(service: ServiceName, chaos: ChaosSwitch | undefined): ServedRoute<C>[] {
  if (chaos === undefined) return [];
  return [
    serve({ ...readChaosRoute, service }, async () => answer(200, chaos.state())),
    serve({ ...switchChaosRoute, service }, async (_context: C, { body }) => answer(200, chaos.switchOn(body))),
    serve({ ...endChaosRoute, service }, async () => {
      chaos.end();
      return noContent();
    }),
  ];
}
