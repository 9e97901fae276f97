/**
 * A producer span for each event that is published, where its trace is recorded. The message carries the context of this span,
 * so that what its consumers do hangs below it; the event itself, and so what every consumer stores of it, stays as it
 * was written.
 */

import { isSampled } from '@souk/kernel';
import { failureOf, type Span, type Tracer } from '@souk/telemetry/tracing';
import type { Broker, Outgoing, PublishOutcome } from './broker.ts';

export interface PublishOptions {
  tracer: Tracer;
  broker: Pick<Broker, 'kind' | 'publish'>;
  /** Left behind by an earlier attempt or process. */
  unpublished: boolean;
}

/** Publishes; rejects as the broker does. */
export async function publishTraced(
  { tracer, broker, unpublished }: PublishOptions,
  messages: readonly Outgoing[],
): Promise<PublishOutcome[]> {
  if (!tracer.active || !messages.some((message) => isSampled(message.headers['traceparent']))) return broker.publish(messages);
  const spans = messages.map((message) => startSpan(tracer, broker.kind, message, unpublished));
  try {
    const outcomes = await broker.publish(messages.map((message, index) => within(message, spans[index])));
    outcomes.forEach((outcome, index) => {
      if (outcome !== 'confirmed') spans[index]?.fail(outcome);
    });
    return outcomes;
  } catch (error) {
    for (const span of spans) span?.fail(failureOf(error));
    throw error;
  } finally {
    for (const span of spans) span?.end();
  }
}

function startSpan(
  tracer: Tracer,
  system: string,
  { headers, routing_key, message_id, correlation_id }: Outgoing,
  unpublished: boolean,
): Span | undefined {
  const parent = headers['traceparent'];
  if (!isSampled(parent)) return undefined;
  const attributes = {
    'messaging.system': system,
    'messaging.operation.type': 'send',
    'messaging.destination.name': 'events',
    'messaging.message.id': message_id,
    'souk.event_type': routing_key,
    'souk.correlation_id': correlation_id,
    ...(unpublished && { 'souk.unpublished': true }),
  };
  return tracer.start(`publish ${routing_key}`, { kind: 'producer', parent, attributes });
}

function within(message: Outgoing, span: Span | undefined): Outgoing {
  return span === undefined ? message : { ...message, headers: { ...message.headers, traceparent: span.traceparent } };
}
