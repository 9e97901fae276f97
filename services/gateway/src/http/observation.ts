/** Health and metrics. */
import type { GatewayContext } from '../context.ts';
import { ownChecks, type PlatformHealth } from '../use-cases/get-health.ts';
import type { OwnAnswer } from './exchange.ts';
import type { OwnRoute } from './own-route.ts';

export function observationRoutes(readHealth: () => Promise<PlatformHealth>, draining: () => boolean): readonly OwnRoute[] {
  return [
    { method: 'GET', path: '/health', answer: async () => healthAnswer(await readHealth()) },
    { method: 'GET', path: '/health/live', answer: async () => healthAnswer({ status: 'healthy', service: 'gateway' }) },
    { method: 'GET', path: '/health/ready', answer: async (context) => readiness(context, draining()) },
    {
      method: 'GET',
      path: '/metrics',
      answer: async ({ metrics }, { accept }) => ({ status: 200, ...(await metrics.read(accept)) }),
    },
  ];
}

function readiness(context: GatewayContext, isDraining: boolean): OwnAnswer {
  const checks = ownChecks(context);
  const fails = isDraining || Object.values(checks).some(({ status }) => status === 'unhealthy');
  return healthAnswer({ status: fails ? 'unhealthy' : 'healthy', service: 'gateway', instance_id: context.instance_id, checks });
}

function healthAnswer(body: { status: string; [member: string]: unknown } | PlatformHealth): OwnAnswer {
  const isUnhealthy = body.status === 'unhealthy';
  return { status: isUnhealthy ? 503 : 200, body, headers: { 'cache-control': 'no-store', ...(isUnhealthy && { 'retry-after': '1' }) } };
}
