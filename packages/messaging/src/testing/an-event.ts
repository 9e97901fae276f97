import type { AnyEvent } from '@souk/contracts';
import { systemIds, timestamp } from '@souk/kernel';
import type { Delivery } from '../broker.ts';

/** An event with a fresh envelope around the payload. */
export function anEnvelope(event_type: string, payload: Record<string, unknown>, overrides: Partial<AnyEvent> = {}): AnyEvent {
  return {
    event_id: systemIds.uuid(),
    event_type,
    timestamp: timestamp(Date.now()),
    version: '1.0',
    correlation_id: systemIds.uuid(),
    metadata: {},
    ...payload,
    ...overrides,
  };
}

/** The event as a broker would deliver it. */
export function asDelivery(event: AnyEvent, overrides: Partial<Delivery> = {}): Delivery {
  return {
    message_id: event.event_id,
    routing_key: event.event_type,
    body: JSON.stringify(event),
    content_type: 'application/json',
    headers: { event_type: event.event_type, version: event.version },
    attempts: 0,
    enqueued_at: Date.now(),
    redelivered: false,
    ...overrides,
  };
}
