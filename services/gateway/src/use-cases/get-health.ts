/** What is the matter with the gateway and each service, by name, from the instances' own words; never older than two seconds. */
import { combinedStatus, registeredServices, type StatusWord } from '@souk/contracts';
import { type Instance, originOf } from '@souk/discovery';
import { mapBounded, timestamp } from '@souk/kernel';
import { brokerCheck } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import { overallStatus } from '../domain/overall-health.ts';

export interface PartHealth {
  status: StatusWord;
  detail?: string;
}

export interface InstanceHealth extends PartHealth {
  instance_id: string;
}

export interface PlatformHealth {
  status: StatusWord;
  service: 'gateway';
  instance_id: string;
  code_version: string;
  timestamp: string;
  checks: Record<string, PartHealth>;
  services: Record<string, PartHealth & { instances: InstanceHealth[] }>;
}

const askedAtOnce = 16;
const answerTimeoutMs = 1_500;
const keptMs = 2_000;

export type HealthReader = () => Promise<PlatformHealth>;

/** A function that polls all instances; requests within two seconds share one result. */
export function createHealthReader(context: GatewayContext): HealthReader {
  let last: { health: Promise<PlatformHealth>; until: number } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now >= last.until) last = { health: lookAround(context), until: now + keptMs - answerTimeoutMs };
    return last.health;
  };
}

/** What the gateway itself needs to serve: a view of the instances, and keys. */
export function ownChecks({ verifier, instances, broker, redis, chaos }: GatewayContext): Record<string, PartHealth> {
  const healthFault = chaos?.healthFault();
  const known = instances.started() && instances.table.all().some(({ name }) => name !== 'gateway');
  return {
    keys: verifier.ready() ? { status: 'healthy' } : { status: 'unhealthy', detail: 'no keys to verify access tokens with' },
    instances: known ? { status: 'healthy' } : { status: 'unhealthy', detail: 'no instance of any service is known' },
    ...(healthFault && { chaos: healthFault }),
    ...(redis && { redis: redis.state() === 'ready' ? { status: 'healthy' } : { status: 'degraded', detail: 'not connected' } }),
    ...(broker && { broker: brokerCheck(broker.connected(), broker.incidents()) }),
  };
}

/** What it lacks to serve may come any moment; `/health/ready` reports that. Here it is unhealthy only by an injected fault. */
export function ownState({ chaos, ...checks }: Record<string, PartHealth>): StatusWord {
  if (chaos?.status === 'unhealthy') return 'unhealthy';
  return Object.values(checks).some(({ status }) => status !== 'healthy') ? 'degraded' : 'healthy';
}

async function lookAround(context: GatewayContext): Promise<PlatformHealth> {
  // Gateways that asked each other for this would wait for each other.
  const all = context.instances.table.all().filter(({ name }) => name !== 'gateway');
  const states = await mapBounded(all, askedAtOnce, (instance) => askInstance(context, instance));
  const names = new Set([...registeredServices, ...all.map(({ name }) => name)]);
  const services: PlatformHealth['services'] = {};
  for (const name of names) {
    const instances = states.filter((_, index) => all[index]?.name === name);
    const status = combinedStatus(instances.map((instance) => instance.status));
    services[name] = { status, ...(instances.length === 0 && { detail: 'no instance is known' }), instances };
  }
  const checks = ownChecks(context);
  const own = ownState(checks);
  const { instance_id, config, clock } = context;
  const status = overallStatus(own, services);
  return {
    status,
    service: 'gateway',
    instance_id,
    code_version: config.code_version,
    timestamp: timestamp(clock.now()),
    checks,
    services,
  };
}

async function askInstance({ service_client, instances }: GatewayContext, instance: Instance): Promise<InstanceHealth> {
  const { instance_id } = instance;
  try {
    const { status, body } = await service_client.askInstance(instance, { path: '/health', timeout_ms: answerTimeoutMs });
    const said = (body as { status?: unknown } | undefined)?.status;
    if (status === 200 && (said === 'healthy' || said === 'degraded')) return { instance_id, status: said };
    return { instance_id, status: 'unhealthy', detail: `it answers ${status}` };
  } catch {
    // Why it is silent is in the log of the checks; a public page says only that it is.
    instances.resolver.markUnhealthy(instance, `${originOf(instance)} does not answer /health`);
    return { instance_id, status: 'unhealthy', detail: 'it does not answer' };
  }
}
