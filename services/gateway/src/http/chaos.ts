/** The chaos switch of the gateway itself. */
import { endChaosRoute, FaultSpec, readChaosRoute, refusal, switchChaosRoute } from '@souk/contracts';
import { type ChaosSwitch, createSchemaCheck, readJson } from '@souk/service-kit';
import type { OwnRoute } from './own-route.ts';

const checkFaultSpec = createSchemaCheck(FaultSpec);

/** None without a switch: then nothing is at their address. */
export function chaosRoutes(chaos: ChaosSwitch | undefined): readonly OwnRoute[] {
  if (chaos === undefined) return [];
  return [
    { ...readChaosRoute, answer: async () => ({ status: 200, body: chaos.state() }) },
    {
      ...switchChaosRoute,
      takes: 'application/json',
      answer: async (_context, request) => ({ status: 200, body: chaos.switchOn(faultSpecOf(request.body)) }),
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

function faultSpecOf(bytes: Buffer): FaultSpec {
  const body = readJson(bytes);
  const errors = checkFaultSpec(body);
  if (errors) throw refusal('validation_failed', 'This is not a fault specification.', { errors });
  return body as FaultSpec;
}
