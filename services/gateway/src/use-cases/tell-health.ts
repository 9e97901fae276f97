/** What is the matter with the gateway and each service, by name, from the instances' own words; never older than two seconds. */
import { serviceNames } from '@souk/contracts';
import { type Instance, originOf } from '@souk/discovery';
import { mapBounded } from '@souk/kernel';
import type { GatewayContext } from '../context.ts';
import { overallState, type State, serviceState } from '../domain/overall-health.ts';

export interface PartHealth {
  status: State;
  detail?: string;
}

export interface InstanceHealth extends PartHealth {
  instance_id: string;
}

export interface PlatformHealth {
  status: State;
  service: 'gateway';
  instance_id: string;
  code_version: string;
  checks: Record<string, PartHealth>;
  services: Record<string, PartHealth & { instances: InstanceHealth[] }>;
}

const askedAtOnce = 16;
const answerTimeoutMs = 1_500;
const keptMs = 2_000;

export type HealthTeller = () => Promise<PlatformHealth>;

/** A function that answers from one round of questions for all who ask within two seconds. */
export function createHealthTeller(context: GatewayContext): HealthTeller {
  let told: { health: Promise<PlatformHealth>; until: number } | undefined;
  return () => {
    const now = performance.now();
    if (told === undefined || now >= told.until) told = { health: lookAround(context), until: now + keptMs - answerTimeoutMs };
    return told.health;
  };
}

/** What the gateway itself needs to serve: a view of the instances, and keys. */
export function ownChecks({ verifier, instances, broker, redis, chaos }: GatewayContext): Record<string, PartHealth> {
  const ailment = chaos?.ailment();
  const known = instances.started() && instances.table.all().some(({ name }) => name !== 'gateway');
  return {
    keys: verifier.ready() ? { status: 'healthy' } : { status: 'unhealthy', detail: 'no keys to verify access tokens with' },
    instances: known ? { status: 'healthy' } : { status: 'unhealthy', detail: 'no instance of any service is known' },
    ...(ailment && { chaos: ailment }),
    ...(redis && { redis: redis.state() === 'ready' ? { status: 'healthy' } : { status: 'degraded', detail: 'not connected' } }),
    ...(broker && { broker: broker.connected() ? { status: 'healthy' } : { status: 'degraded', detail: 'not connected' } }),
  };
}

/** What it lacks to serve may come any moment and is told by `/health/ready`; here it is unhealthy only when a drill says so. */
export function ownState({ chaos, ...checks }: Record<string, PartHealth>): State {
  if (chaos?.status === 'unhealthy') return 'unhealthy';
  return Object.values(checks).some(({ status }) => status !== 'healthy') ? 'degraded' : 'healthy';
}

async function lookAround(context: GatewayContext): Promise<PlatformHealth> {
  // Gateways that asked each other for this would wait for each other.
  const all = context.instances.table.all().filter(({ name }) => name !== 'gateway');
  const states = await mapBounded(all, askedAtOnce, (instance) => askInstance(context, instance));
  const names = new Set([...serviceNames.filter((name) => name !== 'gateway'), ...all.map(({ name }) => name)]);
  const services: PlatformHealth['services'] = {};
  for (const name of names) {
    const instances = states.filter((_, index) => all[index]?.name === name);
    const status = serviceState(instances.map((instance) => instance.status));
    services[name] = { status, ...(instances.length === 0 && { detail: 'no instance is known' }), instances };
  }
  const checks = ownChecks(context);
  const own = ownState(checks);
  const { instance_id, config } = context;
  const status = overallState(
    own,
    Object.values(services).map((service) => service.status),
  );
  return { status, service: 'gateway', instance_id, code_version: config.code_version, checks, services };
}

async function askInstance({ asker, instances }: GatewayContext, instance: Instance): Promise<InstanceHealth> {
  const { instance_id } = instance;
  try {
    const { status, body } = await asker.askInstance(instance, { path: '/health', timeout_ms: answerTimeoutMs });
    const said = (body as { status?: unknown } | undefined)?.status;
    if (status === 200 && (said === 'healthy' || said === 'degraded')) return { instance_id, status: said };
    return { instance_id, status: 'unhealthy', detail: `it answers ${status}` };
  } catch {
    // Why it is silent is in the log of the checks; a public page says only that it is.
    instances.resolver.eject(instance, `${originOf(instance)} does not answer /health`);
    return { instance_id, status: 'unhealthy', detail: 'it does not answer' };
  }
}
