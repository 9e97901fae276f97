/** What this process reports to operations about itself. Each part has limited time; one that does not come is named, never left out silently. */
import { type CheckoutReading, type InstanceStatus, instanceStatusRoute, type QueueReading, queues } from '@souk/contracts';
import { createSingleFlight, type SingleFlight, timestamp, withDeadline } from '@souk/kernel';
import type { QueueStats } from '@souk/messaging';
import { answer } from '../http/answer.ts';
import { type ServedRoute, serve } from '../http/serve.ts';
import type { ProcessContext, ServiceContext } from './context.ts';
import { type HealthReport, type HealthSources, healthOf } from './health.ts';

/** What is known without a request to another process; a service without a database has nothing more to report. */
export function processStatus(
  context: StatusContext,
  started_at: string,
  { status, checks }: Pick<HealthReport, 'status' | 'checks'>,
): InstanceStatus {
  const { name: service, instance_id, config, clock, metrics, redis, chaos } = context;
  return {
    service,
    instance_id,
    code_version: config.code_version,
    started_at,
    now: timestamp(clock.now()),
    status,
    checks,
    requests: metrics.requests.sums(apiPrefix),
    broker: null,
    redis: redis ? { connected: redis.state() === 'ready' } : null,
    chaos: chaos?.state() ?? null,
    outbox: null,
    database: null,
    queues: [],
    dead_letters: [],
    missing: [],
  };
}

type StatusContext = Pick<ProcessContext, 'name' | 'instance_id' | 'clock' | 'metrics' | 'redis' | 'chaos'> & {
  config: { code_version: string };
};

/** `GET /internal/status` of a service without a database. */
export function processStatusRoute<C extends ProcessContext>(sources: HealthSources): ServedRoute<C> {
  const started_at = timestamp(Date.now());
  return serve({ ...instanceStatusRoute, service: sources.service }, async (context: C) =>
    answer(200, processStatus(context, started_at, await healthOf(sources)), uncachedAnswer),
  );
}

/** Of the saga, where it runs. */
export type CheckoutReader<C> = (context: C) => Promise<CheckoutReading[]>;

/** Shorter than operations waits for the whole. */
const partTimeoutMs = 800;
const apiPrefix = '/api/';
const uncachedAnswer = { headers: { 'cache-control': 'no-store' } } as const;

/** `GET /internal/status`; viewers who come together share one reading. */
export function instanceStatusRoutes<C extends ServiceContext>(
  sources: HealthSources,
  readCheckouts: CheckoutReader<C> | undefined,
): ServedRoute<C>[] {
  const started_at = timestamp(Date.now());
  // A service has one context.
  let reading: SingleFlight<InstanceStatus> | undefined;
  return [
    serve({ ...instanceStatusRoute, service: sources.service }, async (context: C) => {
      reading ??= createSingleFlight(() => readInstanceStatus(context, sources, started_at, readCheckouts));
      return answer(200, await reading.run(), uncachedAnswer);
    }),
  ];
}

async function readInstanceStatus<C extends ServiceContext>(
  context: C,
  sources: HealthSources,
  started_at: string,
  readCheckouts: CheckoutReader<C> | undefined,
): Promise<InstanceStatus> {
  const { messaging, broker, db } = context;
  const missing: InstanceStatus['missing'] = [];
  const [health, stats, dead_letters, checkouts] = await Promise.all([
    healthOf(sources),
    part('queues', missing, () => broker.samples.recent()),
    part('dead letters', missing, () => messaging.deadLetters.byQueue()),
    part('checkouts', missing, async () => readCheckouts?.(context)),
  ]);
  const { broker_connected, outbox } = messaging.health();
  const { total, idle, waiting } = db.pool();
  return {
    ...processStatus(context, started_at, health),
    broker: { kind: broker.kind, connected: broker_connected },
    outbox,
    database: { busy: total - idle, idle, waiting },
    queues: queuesOf(context, stats),
    dead_letters: dead_letters ?? [],
    ...(checkouts && { checkouts }),
    missing,
  };
}

function queuesConsumedBy(service: string): string[] {
  return Object.keys(queues).filter((queue) => queue.startsWith(`${service}.`));
}

function queuesOf({ name, messaging }: ServiceContext, stats: readonly QueueStats[] | undefined): QueueReading[] {
  return queuesConsumedBy(name).map((queue) => {
    const consumption = messaging.consumption(queue);
    const seen = stats?.find((one) => one.queue === queue);
    return {
      queue,
      ready: seen ? Math.max(0, seen.ready - seen.in_hand) : null,
      oldest_age_s: seen?.oldest_age_s ?? null,
      unsettled: consumption?.unsettled() ?? 0,
      attached: consumption?.attached() ?? false,
    };
  });
}

/** Undefined, and named in `missing`, when it fails or takes too long. */
async function part<T>(name: string, missing: InstanceStatus['missing'], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await withDeadline(read, partTimeoutMs);
  } catch (error) {
    missing.push({ part: name, reason: reasonOf(error) });
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : 'failed';
}
