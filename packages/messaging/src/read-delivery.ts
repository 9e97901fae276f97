/** From bytes to a valid event, or the reason why not. */
import { type AnyEvent, type EventDefinition, refusal } from '@souk/contracts';
import type { AppError } from '@souk/kernel';
import type { Delivery } from './broker.ts';

const messageBytesMax = 1_048_576;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The event in a delivery, checked against its definition; a refusal that says what is wrong with it otherwise. */
export function readDelivery(delivery: Delivery, definitions: ReadonlyMap<string, EventDefinition>): AnyEvent | AppError {
  const size = typeof delivery.body === 'string' ? Buffer.byteLength(delivery.body) : delivery.body.byteLength;
  if (size > messageBytesMax) return refusal('event_invalid', `The message has ${size} bytes; at most ${messageBytesMax} are read.`);
  if (delivery.content_type !== null && delivery.content_type !== 'application/json') {
    return refusal('event_invalid', `The content type is ${delivery.content_type}, not application/json.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(typeof delivery.body === 'string' ? delivery.body : decoder.decode(delivery.body));
  } catch (error) {
    return refusal('event_invalid', `The body is not JSON in UTF-8: ${withoutContent((error as Error).message)}`, {}, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refusal('event_invalid', 'The body is not a JSON object.');
  const event_type = (value as { event_type?: unknown }).event_type;
  const definition = typeof event_type === 'string' ? definitions.get(event_type) : undefined;
  if (!definition)
    return refusal('event_unknown', `This queue is not bound to events of type ${JSON.stringify(event_type)?.slice(0, 100)}.`);
  const findings = definition.findings(value);
  if (findings) return refusal('event_invalid', findings.join('; '));
  return value as AnyEvent;
}

/** The parser quotes what it stumbled over, which must not be disclosed. */
function withoutContent(message: string): string {
  if (!message.endsWith('" is not valid JSON')) return message;
  const quotes = [', "', ', ..."'].map((start) => message.indexOf(start)).filter((at) => at >= 0);
  return message.slice(0, Math.min(...quotes, message.length));
}
