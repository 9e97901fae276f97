/**
 * The consumer spans of a batch: one for each event, in the event's own trace below the span that published it, and one
 * for the batch where it holds several, linked with them. What a handler causes hangs below the span of its event.
 */
import type { AnyEvent } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { failureOf, type JoinedSpans, startJoined, type Tracer } from '@souk/telemetry/tracing';
import type { Delivery, Settlement } from './broker.ts';

/** Begins them, and puts the context of each into the event that the handler gets. */
export function startConsuming(
  tracer: Tracer,
  queue: string,
  batch: readonly Delivery[],
  read: readonly (AnyEvent | AppError)[],
): JoinedSpans {
  const spans = startJoined(tracer, {
    name: `process ${queue}`,
    kind: 'consumer',
    attributes: { 'messaging.operation.type': 'process', 'messaging.destination.name': queue },
    parents: batch.map((delivery, index) => delivery.headers['traceparent'] ?? contextIn(read[index])),
  });
  read.forEach((event, index) => {
    const span = spans.of(index);
    if (span === undefined || event instanceof AppError) return;
    span.set({
      'messaging.message.id': event.event_id,
      'souk.event_type': event.event_type,
      'souk.correlation_id': event.correlation_id,
      'souk.attempt': (batch[index]?.attempts ?? 0) + 1,
    });
    event.metadata = { ...event.metadata, traceparent: span.traceparent };
  });
  return spans;
}

/** Ends them; an event that comes again later, or never, has failed this time. */
export function endConsuming(spans: JoinedSpans, settlements: readonly Settlement[], errorOf: (place: number) => Error | undefined): void {
  settlements.forEach((settlement, place) => {
    const span = spans.of(place);
    if (span === undefined) return;
    span.set({ 'souk.outcome': settlement.kind });
    if (settlement.kind === 'retry') span.set({ 'souk.retry_delay_ms': settlement.delay_ms });
    if (settlement.kind !== 'done') span.fail(failureOf(errorOf(place)));
  });
  spans.end();
}

function contextIn(event: AnyEvent | AppError | undefined): string | undefined {
  return event instanceof AppError ? undefined : event?.metadata.traceparent;
}
