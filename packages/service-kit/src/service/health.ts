/** What is really the matter with a service, by name. */

import type { ServiceName } from '@souk/contracts';
import { type Clock, DeadlineExceeded, timestamp, withDeadline } from '@souk/kernel';
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
  /** When this was found. */
  timestamp: string;
  checks: Record<string, HealthCheck>;
}

/** Whether Redis is there. */
export interface RedisConnection {
  state(): 'connecting' | 'ready' | 'away';
}

export interface HealthSources {
  clock: Clock;
  service: ServiceName;
  instance_id: string;
  code_version: string;
  /** Undefined in a service without a database. */
  db?: Pick<Database, 'ping'> | undefined;
  verifier: Pick<Verifier, 'ready'>;
  /** Access tokens matter to few of its requests or none: without keys it is degraded. */
  serves_without_keys?: boolean | undefined;
  messaging?: Pick<Messaging, 'health'> | undefined;
  chaos: Pick<ChaosSwitch, 'healthFault'> | undefined;
  /** Undefined where it is not used. */
  redis: RedisConnection | undefined;
}

const pingTimeoutMs = 2_000;
const outboxAgeMaxSeconds = 30;
const incidentsShown = 5;
const ranks: Readonly<Record<HealthStatus, number>> = { healthy: 0, degraded: 1, unhealthy: 2 };

/** Everything: whether it serves, and whether what it stands on is as it should be. */
export async function healthOf(sources: HealthSources): Promise<HealthReport> {
  const checks: Record<string, HealthCheck> = {
    ...(await readinessChecks(sources)),
    ...(sources.serves_without_keys && { keys: keysCheck(sources, 'degraded') }),
    ...(sources.messaging && messagingChecks(sources.messaging)),
    ...redisCheck(sources.redis),
  };
  return report(sources, checks);
}

/** Only what an HTTP request needs: the database and the keys. The broker may be away. */
export async function readinessOf(sources: HealthSources): Promise<HealthReport> {
  return report(sources, await readinessChecks(sources));
}

function report({ service, instance_id, code_version, clock }: HealthSources, checks: Record<string, HealthCheck>): HealthReport {
  const worst = Object.values(checks).reduce<HealthStatus>(
    (found, { status }) => (ranks[status] > ranks[found] ? status : found),
    'healthy',
  );
  return { status: worst, service, instance_id, code_version, timestamp: timestamp(clock.now()), checks };
}

async function readinessChecks(sources: HealthSources): Promise<Record<string, HealthCheck>> {
  const { db, chaos } = sources;
  const ping = async (): Promise<HealthCheck> => {
    await db?.ping();
    return { status: 'healthy' };
  };
  const database = db && (await attempted(ping, 'unhealthy'));
  const keys = sources.serves_without_keys ? undefined : keysCheck(sources, 'unhealthy');
  const healthFault = chaos?.healthFault();
  return { ...(database && { database }), ...(keys && { keys }), ...(healthFault && { chaos: healthFault }) };
}

function keysCheck({ verifier }: HealthSources, without: HealthStatus): HealthCheck {
  return verifier.ready() ? { status: 'healthy' } : { status: without, detail: 'no keys to verify access tokens with' };
}

function messagingChecks(messaging: Pick<Messaging, 'health'>): Record<string, HealthCheck> {
  const { broker_connected, broker_incidents, consumers, outbox } = messaging.health();
  const checks: Record<string, HealthCheck> = {
    broker: brokerCheck(broker_connected, broker_incidents),
    outbox:
      outbox.oldest_age_s > outboxAgeMaxSeconds
        ? { status: 'degraded', detail: `${outbox.backlog} unsent, the oldest for ${Math.round(outbox.oldest_age_s)} s` }
        : { status: 'healthy' },
  };
  for (const { queue, attached } of consumers)
    checks[`consumer ${queue}`] = attached ? { status: 'healthy' } : { status: 'degraded', detail: 'not attached' };
  return checks;
}

/** The broker as this process sees it: `incidents` are those it reports while connected. */
export function brokerCheck(connected: boolean, incidents: readonly string[]): HealthCheck {
  if (!connected) return { status: 'degraded', detail: 'not connected' };
  return incidents.length === 0 ? { status: 'healthy' } : { status: 'degraded', detail: incidents.slice(0, incidentsShown).join('; ') };
}

function redisCheck(redis: RedisConnection | undefined): Record<string, HealthCheck> {
  if (redis === undefined) return {};
  return { redis: redis.state() === 'ready' ? { status: 'healthy' } : { status: 'degraded', detail: 'not connected' } };
}

/** The outcome of a check, which has limited time to come. What failed is described in general words: the report is public. */
async function attempted(check: () => Promise<HealthCheck>, failed: HealthStatus): Promise<HealthCheck> {
  try {
    return await withDeadline(check, pingTimeoutMs);
  } catch (error) {
    if (error instanceof DeadlineExceeded) return { status: failed, detail: error.message };
    return { status: failed, detail: error instanceof Error && 'code' in error ? String(error.code) : 'failed' };
  }
}
