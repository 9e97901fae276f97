/** Between AMQP messages and the port's. */
import type { ConsumeMessage, Options } from 'amqplib';
import type { Delivery, Outgoing } from '../broker.ts';

const attemptsHeader = 'x-souk-attempts';
const enqueuedHeader = 'x-souk-enqueued-at';
const routingKeyHeader = 'x-souk-routing-key';
const own = new Set([attemptsHeader, enqueuedHeader, routingKeyHeader]);

/**
 * Headers by which RabbitMQ routes, or by which it takes a message that passes the same delay queue a second time for a
 * circle and drops it: never repeated.
 */
const brokerHeader = /^(CC|BCC|x-death|x-(first|last)-death-.*|x-delivery-count|x-acquired-count)$/;
/** The client encodes all headers into 64 KiB; what foreign messages carry beyond this is left behind. */
const headerBytesMax = 16_384;
const headersBytesMax = 49_152;

/** Properties of an event as a message; `direct` into a queue, where the address says nothing of its type. */
export function publishOptions(message: Outgoing, now: number, direct: boolean): Options.Publish {
  return {
    messageId: message.message_id,
    correlationId: message.correlation_id,
    type: message.routing_key,
    timestamp: Math.floor(now / 1_000),
    contentType: 'application/json',
    persistent: true,
    mandatory: direct || message.mandatory,
    headers: { ...message.headers, [enqueuedHeader]: now, ...(direct ? { [routingKeyHeader]: message.routing_key } : {}) },
  };
}

/** A message as the port shows it, wherever it came from; `now` stands in for a time it does not carry. */
export function toDelivery(message: ConsumeMessage, now: number): Delivery {
  const { properties, fields } = message;
  const { headers = {} } = properties;
  const routing_key: unknown = headers[routingKeyHeader];
  return {
    message_id: typeof properties.messageId === 'string' ? properties.messageId : null,
    routing_key: typeof routing_key === 'string' ? routing_key : fields.routingKey,
    body: message.content,
    content_type: typeof properties.contentType === 'string' ? properties.contentType : null,
    headers: asTexts(headers),
    attempts: whole(headers[attemptsHeader]) ?? 0,
    enqueued_at: Math.min(now, whole(headers[enqueuedHeader]) ?? seconds(properties.timestamp) ?? now),
    redelivered: fields.redelivered,
  };
}

/** Properties of a message that moves on: to a delay queue or to a dead queue, one attempt older. */
export function movedOptions(message: ConsumeMessage, delivery: Delivery, added: Readonly<Record<string, string>>): Options.Publish {
  const { contentType, correlationId, messageId, type } = message.properties;
  // AMQP counts whole seconds.
  const timestamp = Math.floor(delivery.enqueued_at / 1_000);
  return {
    contentType,
    correlationId,
    messageId,
    type,
    timestamp,
    persistent: true,
    mandatory: true,
    headers: {
      ...repeatable(delivery.headers),
      ...added,
      [attemptsHeader]: delivery.attempts + 1,
      [enqueuedHeader]: delivery.enqueued_at,
      [routingKeyHeader]: delivery.routing_key,
    },
  };
}

function asTexts(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (own.has(name) || value === undefined || value === null) continue;
    texts[name] = typeof value === 'object' ? JSON.stringify(value, plain) : String(value);
  }
  return texts;
}

/** JSON knows no integers of 64 bits, foreign headers may. */
function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function repeatable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    const size = Buffer.byteLength(value) + Buffer.byteLength(name);
    if (brokerHeader.test(name) || size > headerBytesMax || bytes + size > headersBytesMax) continue;
    bytes += size;
    kept[name] = value;
  }
  return kept;
}

function whole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function seconds(value: unknown): number | undefined {
  const found = whole(value);
  return found === undefined ? undefined : found * 1_000;
}
