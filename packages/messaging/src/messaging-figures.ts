/** Gauges of a service's messaging: what is known in the process, and what has to be asked of the broker and the database. */
import { queues } from '@souk/contracts';
import { createSampled, type Metrics, type Sample, type Sampled } from '@souk/kernel';
import type { Database } from '@souk/postgres';
import type { Broker, Consumption, QueueFigures } from './broker.ts';
import type { Relay } from './relay.ts';

export interface FigureSources {
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
/** Counting stops where the exact number would help nobody any more. */
const lettersCountedMax = 10_000;

/** The relay reads its table every second, or every five while it cannot publish; what is older comes of a database that is away. */
const outboxTrueSeconds = 16;
type FreshFigures = ReturnType<Relay['figures']>;

function oneOrNone(value: number | undefined): Sample[] {
  return value === undefined ? [] : [{ labels: {}, value }];
}

export function observeMessaging(sources: FigureSources): void {
  const { service, broker, relay, metrics, consumptions, expected } = sources;
  const own = queuesOf(service);
  metrics.gauge('souk_broker_connected', () => [{ labels: {}, value: broker.connected() ? 1 : 0 }]);
  metrics.gauge('souk_broker_troubles', () => [{ labels: {}, value: broker.troubles().length }]);
  const outbox = (): FreshFigures | undefined => {
    const figures = relay.figures();
    return figures.seen_s_ago <= outboxTrueSeconds ? figures : undefined;
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

function observeQueues({ db, broker, metrics }: FigureSources, own: readonly string[]): void {
  const letters = createSampled({ ask: () => countLetters(db, own) });
  const found = async (queue: string): Promise<QueueFigures | undefined> => (await asked.get(broker)?.figures.read())?.get(queue);
  const each = (figureOf: (queue: string) => Promise<number | undefined>) => async () => {
    const samples = await Promise.all(own.map(async (queue) => ({ labels: { queue }, value: await figureOf(queue) })));
    return samples.filter((sample): sample is { labels: { queue: string }; value: number } => sample.value !== undefined);
  };
  metrics.gauge(
    'souk_queue_ready',
    each(async (queue) => {
      const figures = await found(queue);
      return figures && Math.max(0, figures.ready - figures.in_hand);
    }),
  );
  metrics.gauge(
    'souk_queue_oldest_age_seconds',
    each(async (queue) => (await found(queue))?.oldest_age_s),
  );
  metrics.gauge(
    'souk_dead_letters',
    each(async (queue) => {
      const kept = (await letters.read())?.get(queue);
      // While the table is away they wait in the broker.
      return kept === undefined ? undefined : kept + ((await found(`${queue}${deadSuffix}`))?.ready ?? 0);
    }),
  );
  metrics.gauge('souk_figures_age_seconds', async () => [
    ...(await ageOf('queues', asked.get(broker)?.figures)),
    ...(await ageOf('dead_letters', letters)),
  ]);
}

type ByQueue = ReadonlyMap<string, QueueFigures>;

const asked = new WeakMap<Broker, { wanted: Set<string>; figures: Sampled<ByQueue> }>();

/** The queues of a service are there: from now on they are asked for. Services that share a broker's connection share the question. */
export function watchQueues(broker: Broker, service: string): void {
  const known = asked.get(broker) ?? ask(broker);
  asked.set(broker, known);
  for (const queue of queuesOf(service)) known.wanted.add(queue).add(`${queue}${deadSuffix}`);
}

function queuesOf(service: string): string[] {
  return Object.keys(queues).filter((queue) => queue.startsWith(`${service}.`));
}

async function ageOf(figures: string, sampled: Sampled<unknown> | undefined): Promise<Sample[]> {
  await sampled?.read();
  return sampled ? [{ labels: { figures }, value: sampled.age_s() }] : [];
}

function ask(broker: Broker): { wanted: Set<string>; figures: Sampled<ByQueue> } {
  const wanted = new Set<string>();
  const figures = createSampled({
    ask: async () => new Map((await broker.figures([...wanted])).map((row) => [row.queue, row])),
  });
  return { wanted, figures };
}

async function countLetters(db: Database, own: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query<{ queue: string; count: number }>(
    `select q.queue, (select count(*)::int from (
       select from dead_letters where dead_letters.queue = q.queue order by reason, id limit ${lettersCountedMax}) counted) count
     from unnest($1::text[]) q (queue)`,
    [own],
  );
  return new Map(rows.map(({ queue, count }) => [queue, count]));
}
