/** What this process tells the gateways about itself. Each part has limited time; one that does not come is named, never left out silently. */
import { type CheckoutReading, figuresRoute, type InstanceFigures, type QueueReading, queues } from '@souk/contracts';
import { pause, timestamp } from '@souk/kernel';
import type { Broker, QueueFigures } from '@souk/messaging';
import { answer } from '../http/answer.ts';
import { type ServedRoute, serve } from '../http/serve.ts';
import type { ServiceContext } from './context.ts';
import { type HealthSources, healthOf } from './health.ts';

/** Of the saga, where it runs. */
export type CheckoutReader<C> = (context: C) => Promise<CheckoutReading[]>;

/** Shorter than a gateway waits for the whole. */
const partTimeoutMs = 800;
/** Services of one process share a broker: one look is enough for all of them. */
const lookKeptMs = 1_000;
const apiPrefix = '/api/';

/** `GET /internal/figures`; viewers who come together share one reading. */
export function figuresRoutes<C extends ServiceContext>(
  sources: HealthSources,
  readCheckouts: CheckoutReader<C> | undefined,
): ServedRoute<C>[] {
  const started_at = timestamp(Date.now());
  let reading: Promise<InstanceFigures> | undefined;
  const read = async (context: C): Promise<InstanceFigures> => {
    try {
      return await readFigures(context, sources, started_at, readCheckouts);
    } finally {
      reading = undefined;
    }
  };
  return [
    serve({ ...figuresRoute, service: sources.service }, async (context: C) => {
      reading ??= read(context);
      return answer(200, await reading, { headers: { 'cache-control': 'no-store' } });
    }),
  ];
}

async function readFigures<C extends ServiceContext>(
  context: C,
  sources: HealthSources,
  started_at: string,
  readCheckouts: CheckoutReader<C> | undefined,
): Promise<InstanceFigures> {
  const { name: service, messaging, broker, db, redis, chaos, metrics, clock } = context;
  const missing: InstanceFigures['missing'] = [];
  const [health, looked, dead_letters, checkouts] = await Promise.all([
    healthOf(sources),
    part('queues', missing, () => lookAt(broker)),
    part('dead letters', missing, () => messaging.deadLetters.byQueue()),
    part('checkouts', missing, async () => readCheckouts?.(context)),
  ]);
  const { broker_connected, outbox } = messaging.health();
  const { total, idle, waiting } = db.pool();
  return {
    service,
    instance_id: context.instance_id,
    code_version: context.config.code_version,
    started_at,
    now: timestamp(clock.now()),
    status: health.status,
    checks: health.checks,
    requests: metrics.requests.sums(apiPrefix),
    broker: { kind: broker.kind, connected: broker_connected },
    redis: redis ? { connected: redis.state() === 'ready' } : null,
    chaos: chaos?.state() ?? null,
    outbox,
    database: { busy: total - idle, idle, waiting },
    queues: queuesOf(context, looked),
    dead_letters: dead_letters ?? [],
    ...(checkouts && { checkouts }),
    missing,
  };
}

function queuesOf({ name, messaging }: ServiceContext, looked: readonly QueueFigures[] | undefined): QueueReading[] {
  const own = Object.keys(queues).filter((queue) => queue.startsWith(`${name}.`));
  return own.map((queue) => {
    const consumption = messaging.consumption(queue);
    const seen = looked?.find((figure) => figure.queue === queue);
    return {
      queue,
      ready: seen ? Math.max(0, seen.ready - seen.in_hand) : null,
      oldest_age_s: seen?.oldest_age_s ?? null,
      unsettled: consumption?.unsettled() ?? 0,
      attached: consumption?.attached() ?? false,
    };
  });
}

const looks = new WeakMap<Broker, { figures: Promise<QueueFigures[]>; until: number }>();

function lookAt(broker: Broker): Promise<QueueFigures[]> {
  const now = performance.now();
  const last = looks.get(broker);
  if (last !== undefined && now < last.until) return last.figures;
  const figures = broker.figures(Object.keys(queues));
  looks.set(broker, { figures, until: now + lookKeptMs });
  return figures;
}

/** Undefined, and named in `missing`, when it fails or takes too long. */
async function part<T>(name: string, missing: InstanceFigures['missing'], read: () => Promise<T>): Promise<T | undefined> {
  const limit = new AbortController();
  const late = pause(partTimeoutMs, limit.signal).then(() => {
    if (!limit.signal.aborted) throw new Error(`no answer within ${partTimeoutMs} ms`);
    return undefined;
  });
  try {
    return await Promise.race([read(), late]);
  } catch (error) {
    missing.push({ part: name, reason: reasonOf(error) });
    return undefined;
  } finally {
    limit.abort();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : 'failed';
}
