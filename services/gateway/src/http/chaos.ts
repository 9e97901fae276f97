/** The chaos switch of the gateway itself. */
import { ChaosWish, endChaosRoute, readChaosRoute, refusal, switchChaosRoute } from '@souk/contracts';
import { type ChaosSwitch, createSchemaCheck, readJson } from '@souk/service-kit';
import type { OwnRoute } from './own-route.ts';

const checkWish = createSchemaCheck(ChaosWish);

/** None without a switch: then nothing is at their address. */
export function chaosRoutes(chaos: ChaosSwitch | undefined): readonly OwnRoute[] {
  if (chaos === undefined) return [];
  return [
    { ...readChaosRoute, answer: async () => ({ status: 200, body: chaos.state() }) },
    {
      ...switchChaosRoute,
      takes: 'application/json',
      answer: async (_context, request) => ({ status: 200, body: chaos.switchOn(wishOf(request.body)) }),
    },
    {
      ...endChaosRoute,
      async answer() {
        chaos.end();
        return { status: 204 };
      },
    },
  ];
}

function wishOf(bytes: Buffer): ChaosWish {
  const body = readJson(bytes);
  const errors = checkWish(body, true);
  if (errors) throw refusal('validation_failed', 'This is no wish a chaos switch knows.', { errors });
  return body as ChaosWish;
}
