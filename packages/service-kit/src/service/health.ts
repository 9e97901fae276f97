/** What is really the matter with a service, by name. */

import type { ServiceName } from '@souk/contracts';
import { pause } from '@souk/kernel';
import type { Messaging } from '@souk/messaging';
import type { Database } from '@souk/postgres';
import type { Verifier } from '../auth/verifier.ts';
import type { ChaosSwitch } from '../chaos/chaos-switch.ts';

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export interface HealthCheck {
  status: HealthStatus;
  detail?: string;
}

export interface HealthReport {
  /** The worst of all checks. */
  status: HealthStatus;
  service: string;
  instance_id: string;
  code_version: string;
  checks: Record<string, HealthCheck>;
}

/** Whether Redis is there. */
export interface RedisLink {
  state(): 'connecting' | 'ready' | 'away';
}

export interface HealthSources {
  service: ServiceName;
  instance_id: string;
  code_version: string;
  db: Pick<Database, 'ping'>;
  verifier: Pick<Verifier, 'ready'>;
  messaging: Pick<Messaging, 'health'>;
  chaos: Pick<ChaosSwitch, 'ailment'> | undefined;
  /** Undefined where it is not used. */
  redis: RedisLink | undefined;
  /** Checks of the service's own; a throw counts as degraded. */
  checks: Readonly<Record<string, () => Promise<HealthCheck>>>;
}

const pingTimeoutMs = 2_000;
const outboxAgeMaxSeconds = 30;
const troublesTold = 5;
const ranks: Readonly<Record<HealthStatus, number>> = { healthy: 0, degraded: 1, unhealthy: 2 };

/** Everything: whether it serves, and whether what it stands on is as it should be. */
export async function healthOf(sources: HealthSources): Promise<HealthReport> {
  const own = Object.entries(sources.checks).map(async ([name, check]) => [name, await attempted(check, 'degraded')] as const);
  const checks: Record<string, HealthCheck> = {
    ...(await readinessChecks(sources)),
    ...messagingChecks(sources.messaging),
    ...redisCheck(sources.redis),
    ...Object.fromEntries(await Promise.all(own)),
  };
  return report(sources, checks);
}

/** Only what an HTTP request needs: the database and the keys. The broker may be away. */
export async function readinessOf(sources: HealthSources): Promise<HealthReport> {
  return report(sources, await readinessChecks(sources));
}

function report({ service, instance_id, code_version }: HealthSources, checks: Record<string, HealthCheck>): HealthReport {
  const worst = Object.values(checks).reduce<HealthStatus>(
    (found, { status }) => (ranks[status] > ranks[found] ? status : found),
    'healthy',
  );
  return { status: worst, service, instance_id, code_version, checks };
}

async function readinessChecks({ db, verifier, chaos }: HealthSources): Promise<Record<string, HealthCheck>> {
  const database = await attempted(async () => {
    await db.ping();
    return { status: 'healthy' };
  }, 'unhealthy');
  const keys: HealthCheck = verifier.ready()
    ? { status: 'healthy' }
    : { status: 'unhealthy', detail: 'no keys to verify access tokens with' };
  const ailment = chaos?.ailment();
  return { database, keys, ...(ailment && { chaos: ailment }) };
}

function messagingChecks(messaging: HealthSources['messaging']): Record<string, HealthCheck> {
  const { broker_connected, broker_troubles, consumers, outbox } = messaging.health();
  const checks: Record<string, HealthCheck> = {
    broker: brokerCheck(broker_connected, broker_troubles),
    outbox:
      outbox.oldest_age_s > outboxAgeMaxSeconds
        ? { status: 'degraded', detail: `${outbox.backlog} unsent, the oldest for ${Math.round(outbox.oldest_age_s)} s` }
        : { status: 'healthy' },
  };
  for (const { queue, attached } of consumers)
    checks[`consumer ${queue}`] = attached ? { status: 'healthy' } : { status: 'degraded', detail: 'not attached' };
  return checks;
}

function brokerCheck(connected: boolean, troubles: readonly string[]): HealthCheck {
  if (!connected) return { status: 'degraded', detail: 'not connected' };
  return troubles.length === 0 ? { status: 'healthy' } : { status: 'degraded', detail: troubles.slice(0, troublesTold).join('; ') };
}

function redisCheck(redis: RedisLink | undefined): Record<string, HealthCheck> {
  if (redis === undefined) return {};
  return { redis: redis.state() === 'ready' ? { status: 'healthy' } : { status: 'degraded', detail: 'not connected' } };
}

/** The outcome of a check, which has limited time to come. What failed is told in general words: the report is public. */
async function attempted(check: () => Promise<HealthCheck>, failed: HealthStatus): Promise<HealthCheck> {
  const limit = new AbortController();
  try {
    const late = pause(pingTimeoutMs, limit.signal).then(
      (): HealthCheck => ({ status: failed, detail: `no answer within ${pingTimeoutMs} ms` }),
    );
    return await Promise.race([check(), late]);
  } catch (error) {
    return { status: failed, detail: error instanceof Error && 'code' in error ? String(error.code) : 'failed' };
  } finally {
    limit.abort();
  }
}
