import { type AnyEvent, type EventDefinition, eventDefinition, type PayloadOf, subscribersOf } from '@souk/contracts';
import { assert, type Clock, type IdSource, timestamp } from '@souk/kernel';
import type { Span } from '@souk/telemetry/tracing';
import type { Outgoing } from './broker.ts';

/** Why something happens: carried from request to event to event, so that all effects of one request can be found. */
export interface Cause {
  /** UUID shared by all that follows from one request. */
  correlation_id: string;
  /** The correlation id as the client sent it, when it was no UUID. */
  correlation?: string;
  /** The event or request that led here. */
  causation_id?: string;
  /** W3C trace context. */
  traceparent?: string;
  /** `user:<id>`, `staff:<id>` or `system`. */
  actor?: string;
  /** Published once more from state. Does not pass on to what a handler does because of it. */
  republished?: true;
}

/** An event that is not published yet: what a decision returns and the outbox stamps. */
export interface EventDraft {
  definition: EventDefinition;
  payload: object;
  cause: Cause;
  /** Only where the same event must always get the same id. */
  event_id?: string;
}

/** A draft with its payload checked against the definition by the compiler. */
export function draft<D extends EventDefinition<string, never> | EventDefinition<string, object>>(
  definition: D,
  payload: PayloadOf<D>,
  cause: Cause,
  event_id?: string,
): EventDraft {
  return { definition: definition as EventDefinition, payload: payload as object, cause, ...(event_id === undefined ? {} : { event_id }) };
}

/** The cause of whatever a handler does because of this event. */
export function causeOf(event: Pick<AnyEvent, 'event_id' | 'correlation_id' | 'metadata'>): Cause {
  const { correlation, traceparent, actor } = event.metadata;
  return {
    correlation_id: event.correlation_id,
    causation_id: event.event_id,
    ...(correlation === undefined ? {} : { correlation }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(actor === undefined ? {} : { actor }),
  };
}

/** The same cause for what happens within a span; without one as it was. */
export function causeWithin(cause: Cause, span: Span | undefined): Cause {
  return span === undefined ? cause : { ...cause, traceparent: span.traceparent };
}

/** One row of the outbox: an event made final. */
export interface OutboxRow {
  event_id: string;
  event_type: string;
  /** The whole event as JSON text: exactly what is published, however often. */
  body: string;
  /** What the message says beside its body, while the row is in the memory of the process that made it. */
  envelope?: MessageEnvelope;
}

type MessageEnvelope = Pick<AnyEvent, 'correlation_id' | 'version'> & { metadata: { traceparent?: string } };

/** Stamps a draft with id, time and correlation, once and for ever. */
export function finalise(draft: EventDraft, stamp: { ids: IdSource; clock: Clock; source: string }): OutboxRow {
  const { definition, payload, cause } = draft;
  const event_id = draft.event_id ?? stamp.ids.uuid();
  const { correlation_id, ...metadata } = cause;
  const event = {
    event_id,
    event_type: definition.event_type,
    timestamp: timestamp(stamp.clock.now()),
    version: definition.version,
    correlation_id,
    metadata: { ...metadata, source: stamp.source },
    ...payload,
  };
  return { event_id, event_type: definition.event_type, body: JSON.stringify(event), envelope: event };
}

/** The broker message of an outbox row. */
export function toOutgoing(row: OutboxRow): Outgoing {
  const event = row.envelope ?? (JSON.parse(row.body) as AnyEvent);
  assert(eventDefinition(row.event_type), `the outbox holds an event of unknown type ${row.event_type}`);
  return {
    message_id: row.event_id,
    routing_key: row.event_type,
    body: row.body,
    correlation_id: event.correlation_id,
    headers: {
      event_type: row.event_type,
      version: event.version,
      ...(event.metadata.traceparent === undefined ? {} : { traceparent: event.metadata.traceparent }),
    },
    mandatory: subscribersOf(row.event_type).length > 0,
  };
}
