/** What the auditor wants to know of a service's messaging: unsent events, dead letters, and up to when all messages have been handled. */
import { queues } from '@souk/contracts';
import type { QueueStats } from '@souk/messaging';
import type { RecordsPage } from './audit-page.ts';
import type { ServiceContext } from './context.ts';

/** Where the outbox is not empty: its age is read now and then, and less is certain than it says. */
const ageSlackMs = 5_000;
const deadSuffix = '.dead';

/** One record, one page. */
export async function messagingRecord(context: ServiceContext, after: string | undefined): Promise<RecordsPage> {
  if (after !== undefined) return { lines: [], next: null };
  const { name, messaging } = context;
  const outbox_drained_until_ms = await outboxDrainedUntil(context);
  const queues_drained_until_ms = await queuesDrainedUntil(context);
  const { outbox, broker_connected } = messaging.health();
  const restored = await restoredWindows(context);
  const record = {
    key: name,
    outbox_backlog: outbox.backlog,
    outbox_oldest_age_s: outbox.oldest_age_s,
    dead_letters: await messaging.deadLetters.count(),
    broker_connected,
    outbox_drained_until_ms,
    queues_drained_until_ms,
    ...(restored.length > 0 && { restored }),
  };
  return { lines: [JSON.stringify(record)], next: null };
}

/** Restores of this database: what changed in their time may have left fewer traces with others than usual. */
async function restoredWindows({ db }: ServiceContext): Promise<{ since_ms: number; until_ms: number }[]> {
  const rows = await db.query<{ since: string; until: string }>(
    'select republish_since as since, finished_at as until from restorations where finished_at is not null and republish_since is not null order by finished_at desc limit 100',
  );
  return rows.map(({ since, until }) => ({ since_ms: Date.parse(since), until_ms: Date.parse(until) }));
}

async function outboxDrainedUntil({ messaging, clock }: ServiceContext): Promise<number> {
  const asked_at = clock.now();
  if (await messaging.idle()) return asked_at;
  return asked_at - messaging.health().outbox.oldest_age_s * 1_000 - ageSlackMs;
}

/** 0 while nothing is known: the broker is away, or a queue has no consumer in this process. */
async function queuesDrainedUntil({ name, broker, messaging, clock }: ServiceContext): Promise<number> {
  const own = Object.keys(queues).filter((queue) => queue.startsWith(`${name}.`));
  const asked_at = clock.now();
  if (own.length === 0) return asked_at;
  let stats: QueueStats[];
  try {
    stats = await broker.stats();
  } catch {
    // The health of the service says so; here it only means that nothing is certain.
    return 0;
  }
  const delayed = stats.some(({ queue, delayed: count }) => count > 0 && isShared(queue));
  return Math.min(
    ...own.map((queue) => {
      const consumption = messaging.consumption(queue);
      const seen = stats.find((row) => row.queue === queue);
      const empty = seen && !delayed && seen.ready + seen.delayed + (consumption?.unsettled() ?? 0) === 0;
      return empty ? asked_at : (consumption?.processedUntil() ?? 0);
    }),
  );
}

/** Messages that wait for another attempt may share queues that belong to no consumer. */
function isShared(queue: string): boolean {
  return !Object.hasOwn(queues, queue.endsWith(deadSuffix) ? queue.slice(0, -deadSuffix.length) : queue);
}
