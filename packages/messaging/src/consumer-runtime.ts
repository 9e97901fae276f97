/**
 * What turns deliveries into effects. For a batch: parse and validate each (what is invalid is dead at once), open one
 * transaction, drop repeats by the inbox, hand the rest to the handler, commit; only then is the batch acknowledged.
 * A batch that fails is tried again one by one, so that a poison message never takes its neighbours along. While the
 * database of the service is away, batches are not settled at all: that is no fault of a message and uses up no attempt.
 */
import { type AnyEvent, type EventDefinition, isPassing, queues } from '@souk/contracts';
import { AppError, assert, type Clock, type Log, type Metrics } from '@souk/kernel';
import type { Database, Tx } from '@souk/postgres';
import { silentTracer, type Tracer } from '@souk/telemetry/tracing';
import { reportBatch } from './batch-report.ts';
import type { Broker, Consumption, Delivery, Settlement } from './broker.ts';
import type { AnyConsumer, ConsumerDefinition } from './consumer.ts';
import { endConsuming, startConsuming } from './consumer-spans.ts';
import { isDatabaseAway } from './database-away.ts';
import { rememberNew } from './inbox.ts';
import { readDelivery } from './read-delivery.ts';

/** The delays of one retry after the other; in RabbitMQ each is a queue of its own, shared by all consumers. */
export const retryDelaysMs = [500, 2_000, 5_000, 15_000, 60_000, 300_000] as const;
export const attemptsMaxDefault = 8;
const batchMaxDefault = 100;

export interface RuntimeOptions {
  service: string;
  db: Database;
  broker: Broker;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Default: nothing is traced. */
  tracer?: Tracer;
}

type Handler = ConsumerDefinition<unknown, AnyEvent>;

/** Attaches a consumer to its queue. */
export function runConsumer<Context>(definition: AnyConsumer<Context>, context: Context, options: RuntimeOptions): Consumption {
  const handler = definition as unknown as Handler;
  checkAgainstTopology(handler);
  const handle = createBatchHandler(handler, context, options);
  return options.broker.consume({ queue: handler.queue, batch_max: handler.batch_max ?? batchMaxDefault, handle });
}

function checkAgainstTopology(definition: Handler): void {
  const declared = [...queues[definition.queue]].sort().join();
  const subscribed = definition.events
    .map((event) => event.event_type)
    .sort()
    .join();
  assert(declared === subscribed, `${definition.queue} subscribes to ${subscribed}, but the topology says ${declared}`);
}

/**
 * The function behind a queue; exported for the conformance suite. Rejects with `database_unavailable` while the database
 * is away: the adapter leaves the batch in its queue, reports the consumer as not attached and tries again with growing pauses.
 */
export function createBatchHandler(
  definition: Handler,
  context: unknown,
  options: RuntimeOptions,
): (batch: readonly Delivery[]) => Promise<Settlement[]> {
  const definitions = new Map<string, EventDefinition>(definition.events.map((event) => [event.event_type, event]));

  return async (batch) => {
    const started = performance.now();
    const read = batch.map((delivery) => readDelivery(delivery, definitions));
    const spans = startConsuming(options.tracer ?? silentTracer, definition.queue, batch, read);
    const valid = read.filter((event): event is AnyEvent => !(event instanceof AppError));
    const errors = valid.length === 0 ? new Map<string, Error>() : await handleTogether(definition, context, options, valid);
    const errorOf = (place: number): Error | undefined => {
      const event = read[place];
      return event instanceof AppError ? event : errors.get((event as AnyEvent).event_id);
    };
    const settlements = batch.map((delivery, place) => settlementOf(definition, delivery, errorOf(place)));
    endConsuming(spans, settlements, errorOf);
    const seconds = (performance.now() - started) / 1_000;
    reportBatch(options, { queue: definition.queue, deliveries: batch, read, settlements, seconds });
    return settlements;
  };
}

/** Answers the error of each event that has no effect; the effects of all others are committed. */
async function handleTogether(
  definition: Handler,
  context: unknown,
  options: RuntimeOptions,
  events: readonly AnyEvent[],
): Promise<Map<string, Error>> {
  try {
    return await handleInTransaction(definition, context, options.db, events);
  } catch (error) {
    if (await isDatabaseAway(options.db, error)) throw error;
    if (events.length === 1) return new Map([[(events[0] as AnyEvent).event_id, error as Error]]);
    options.log.debug({ err: error, queue: definition.queue, size: events.length }, 'a batch failed and is tried one by one');
  }
  const errors = new Map<string, Error>();
  for (const event of events) {
    for (const [event_id, error] of await handleTogether(definition, context, options, [event])) errors.set(event_id, error);
  }
  return errors;
}

function handleInTransaction(
  definition: Handler,
  context: unknown,
  db: Database,
  events: readonly AnyEvent[],
): Promise<Map<string, Error>> {
  return db.transaction(async (tx) => {
    const fresh = await withoutRepeats(definition, tx, events);
    const failures = fresh.length === 0 ? [] : ((await definition.handle(context, tx, fresh)) ?? []);
    if (failures.length > 0 && definition.deduplicate === 'inbox')
      await forget(
        tx,
        definition.queue,
        failures.map((failure) => failure.event_id),
      );
    return new Map(failures.map((failure) => [failure.event_id, failure.error]));
  });
}

/** Repeats within the batch and, with an inbox, those of earlier batches. */
async function withoutRepeats(definition: Handler, tx: Tx, events: readonly AnyEvent[]): Promise<AnyEvent[]> {
  const once = [...new Map(events.map((event) => [event.event_id, event])).values()];
  if (definition.deduplicate === 'business_key') return once;
  const fresh = await rememberNew(tx, definition.queue, once);
  return once.filter((event) => fresh.has(event.event_id));
}

async function forget(tx: Tx, queue: string, event_ids: readonly string[]): Promise<void> {
  await tx.query('delete from inbox where queue = $1 and event_id = any($2::uuid[])', [queue, event_ids]);
}

function settlementOf(definition: Handler, delivery: Delivery, error: Error | undefined): Settlement {
  if (!error) return { kind: 'done' };
  const reason = error instanceof AppError ? error.code : 'internal';
  if (isPassing(error) && delivery.attempts + 1 < (definition.attempts_max ?? attemptsMaxDefault)) {
    return { kind: 'retry', delay_ms: retryDelaysMs[Math.min(delivery.attempts, retryDelaysMs.length - 1)] as number };
  }
  return { kind: 'dead', reason, detail: error.message.slice(0, 1_000) };
}
