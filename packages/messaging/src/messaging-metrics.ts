/** Gauges of a service's messaging: what is known in the process, and what has to be asked of the broker and the database. */
import { queues } from '@souk/contracts';
import { createSampled, type Metrics, type Sample, type Sampled } from '@souk/kernel';
import type { Database } from '@souk/postgres';
import type { Broker, Consumption } from './broker.ts';
import type { QueueStats } from './queue-samples.ts';
import type { Relay } from './relay.ts';

export interface MetricSources {
  service: string;
  db: Database;
  broker: Broker;
  relay: Relay;
  metrics: Metrics;
  /** Of the queues that have a consumer here. */
  consumptions: ReadonlyMap<string, Consumption>;
  /** Queues that should have one. */
  expected(): readonly string[];
}

const deadSuffix = '.dead';
/** Counting stops at a number beyond which the exact one is of no use. */
const deadLettersCountedMax = 10_000;

/** The relay reads its table every second, or every five while it cannot publish; what is older comes of a database that is away. */
const outboxTrueSeconds = 16;
type OutboxStats = ReturnType<Relay['stats']>;

function oneOrNone(value: number | undefined): Sample[] {
  return value === undefined ? [] : [{ labels: {}, value }];
}

export function observeMessaging(sources: MetricSources): void {
  const { service, broker, relay, metrics, consumptions, expected } = sources;
  const own = queuesOf(service);
  metrics.gauge('souk_broker_connected', () => [{ labels: {}, value: broker.connected() ? 1 : 0 }]);
  metrics.gauge('souk_broker_incidents', () => [{ labels: {}, value: broker.incidents().length }]);
  const outbox = (): OutboxStats | undefined => {
    const stats = relay.stats();
    return stats.seen_s_ago <= outboxTrueSeconds ? stats : undefined;
  };
  metrics.gauge('souk_outbox_backlog', () => oneOrNone(outbox()?.backlog));
  metrics.gauge('souk_outbox_oldest_age_seconds', () => oneOrNone(outbox()?.oldest_age_s));
  metrics.gauge('souk_consumer_attached', () =>
    expected().map((queue) => ({ labels: { queue }, value: consumptions.get(queue)?.attached() ? 1 : 0 })),
  );
  metrics.gauge('souk_queue_unsettled', () =>
    own.map((queue) => ({ labels: { queue }, value: consumptions.get(queue)?.unsettled() ?? 0 })),
  );
  if (own.length > 0) observeQueues(sources, own);
}

function observeQueues({ db, broker, metrics }: MetricSources, own: readonly string[]): void {
  const deadLetters = createSampled({ ask: () => countDeadLetters(db, own) });
  const found = async (queue: string): Promise<QueueStats | undefined> => (await broker.samples.watched()?.read())?.get(queue);
  const each = (sampleOf: (queue: string) => Promise<number | undefined>) => async () => {
    const samples = await Promise.all(own.map(async (queue) => ({ labels: { queue }, value: await sampleOf(queue) })));
    return samples.filter((sample): sample is { labels: { queue: string }; value: number } => sample.value !== undefined);
  };
  metrics.gauge(
    'souk_queue_ready',
    each(async (queue) => {
      const stats = await found(queue);
      return stats && Math.max(0, stats.ready - stats.in_hand);
    }),
  );
  metrics.gauge(
    'souk_queue_oldest_age_seconds',
    each(async (queue) => (await found(queue))?.oldest_age_s),
  );
  metrics.gauge(
    'souk_dead_letters',
    each(async (queue) => {
      const kept = (await deadLetters.read())?.get(queue);
      // While the table is away they wait in the broker.
      return kept === undefined ? undefined : kept + ((await found(`${queue}${deadSuffix}`))?.ready ?? 0);
    }),
  );
  metrics.gauge('souk_sample_age_seconds', async () => [
    ...(await ageOf('queues', broker.samples.watched())),
    ...(await ageOf('dead_letters', deadLetters)),
  ]);
}

/** The queues of a service are there: from now on they are asked for. */
export function watchQueues(broker: Broker, service: string): void {
  broker.samples.watch(queuesOf(service).flatMap((queue) => [queue, `${queue}${deadSuffix}`]));
}

function queuesOf(service: string): string[] {
  return Object.keys(queues).filter((queue) => queue.startsWith(`${service}.`));
}

async function ageOf(of: string, sampled: Sampled<unknown> | undefined): Promise<Sample[]> {
  await sampled?.read();
  return sampled ? [{ labels: { sample: of }, value: sampled.age_s() }] : [];
}

async function countDeadLetters(db: Database, own: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query<{ queue: string; count: number }>(
    `select q.queue, (select count(*)::int from (
       select from dead_letters where dead_letters.queue = q.queue order by reason, id limit ${deadLettersCountedMax}) counted) count
     from unnest($1::text[]) q (queue)`,
    [own],
  );
  return new Map(rows.map(({ queue, count }) => [queue, count]));
}
