/**
 * What is counted and said of a handled batch. One line at info for a batch and not for each event: a line costs about
 * as much as handling an event does, and in a burst fifty would say the same. The line names all correlation ids the batch was
 * about, so that searching for a correlation id finds it.
 */
import type { AnyEvent } from '@souk/contracts';
import { AppError, type Clock, elapsedSeconds, isSampled, type Log, type Metrics, writesInfo } from '@souk/kernel';
import type { Delivery, Settlement } from './broker.ts';

export interface HandledBatch {
  queue: string;
  deliveries: readonly Delivery[];
  /** For each delivery its event, or why it is none. */
  read: readonly (AnyEvent | AppError)[];
  settlements: readonly Settlement[];
  seconds: number;
}

interface Observer {
  log: Log;
  metrics: Metrics;
  clock: Clock;
}

export function reportBatch(observer: Observer, batch: HandledBatch): void {
  count(observer, batch);
  batch.settlements.forEach((settlement, index) => {
    if (settlement.kind !== 'done') logFailure(observer, batch, index, settlement);
  });
  if (writesInfo(observer.log)) observer.log.info(lineOf(batch), 'batch handled');
}

function count({ metrics, clock }: Observer, { queue, deliveries, read, settlements, seconds }: HandledBatch): void {
  const now = clock.now();
  let done = 0;
  let redelivered = 0;
  settlements.forEach((settlement, index) => {
    const { attempts, redelivered: again } = deliveries[index] as Delivery;
    if (attempts > 0 || again) redelivered += 1;
    if (settlement.kind !== 'done') metrics.count('souk_consumer_events_total', { queue, outcome: settlement.kind });
    else {
      done += 1;
      const { timestamp, metadata } = read[index] as AnyEvent;
      metrics.observe('souk_consumer_event_age_seconds', { queue }, elapsedSeconds(Date.parse(timestamp), now), metadata.traceparent);
    }
  });
  if (done > 0) metrics.count('souk_consumer_events_total', { queue, outcome: 'done' }, done);
  if (redelivered > 0) metrics.count('souk_consumer_redeliveries_total', { queue }, redelivered);
  const [example] = read.flatMap((event) => (event instanceof AppError || !isSampled(event.metadata.traceparent) ? [] : event));
  metrics.observe('souk_consumer_batch_seconds', { queue }, seconds, example?.metadata.traceparent);
  metrics.observe('souk_consumer_batch_size', { queue }, deliveries.length);
}

function logFailure(
  { log }: Observer,
  { queue, deliveries, read }: HandledBatch,
  index: number,
  settlement: Exclude<Settlement, { kind: 'done' }>,
): void {
  const event = read[index];
  const { message_id, attempts } = deliveries[index] as Delivery;
  const known = event instanceof AppError || !event ? {} : { event_type: event.event_type, ...correlationOf([event]) };
  const fields = { queue, event_id: message_id, attempts: attempts + 1, ...known };
  if (settlement.kind === 'dead')
    log.error({ ...fields, reason: settlement.reason, detail: settlement.detail }, 'message moved to dead-letter queue');
  else log.info({ ...fields, delay_ms: settlement.delay_ms }, 'message moved to delay queue');
}

function lineOf({ queue, read, settlements, seconds }: HandledBatch) {
  const events = read.filter((event): event is AnyEvent => !(event instanceof AppError));
  return {
    queue,
    event_types: [...new Set(events.map((event) => event.event_type))],
    size: settlements.length,
    outcome: outcomeOf(settlements),
    ms: Math.round(seconds * 100_000) / 100,
    ...correlationOf(events),
  };
}

/** `partly` where the events of a batch ended differently; each that failed has a line of its own. */
function outcomeOf(settlements: readonly Settlement[]): string {
  const [first] = settlements;
  return settlements.every(({ kind }) => kind === first?.kind) ? (first?.kind ?? 'done') : 'partly';
}

/** Both the UUID and, where a client sent an id of its own form, that id: people search for the one they know. */
function correlationOf(events: readonly AnyEvent[]) {
  const correlation_ids = [...new Set(events.map((event) => event.correlation_id))];
  const correlations = [...new Set(events.flatMap(({ metadata }) => metadata.correlation ?? []))];
  const trace_ids = [...new Set(events.flatMap(({ metadata }) => metadata.traceparent?.slice(3, 35) ?? []))];
  return {
    ...oneOrAll('correlation_id', correlation_ids),
    ...oneOrAll('correlation', correlations),
    ...oneOrAll('trace_id', trace_ids),
  };
}

function oneOrAll(name: string, values: readonly string[]): Record<string, string | readonly string[]> {
  if (values.length === 0) return {};
  return values.length === 1 ? { [name]: values[0] as string } : { [`${name}s`]: values };
}
