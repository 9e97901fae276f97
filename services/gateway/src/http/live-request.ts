/** The messages of clients over a WebSocket, held to their declarations. */
import {
  Authenticate,
  type LiveRequest,
  type LiveTopic,
  liveTopics,
  Ping,
  refusal,
  SubscribeOrder,
  SubscribeShop,
  SubscribeStock,
  Unsubscribe,
} from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { createSchemaCheck } from '@souk/service-kit';
import type { RawData } from 'ws';

export type Subscribe = Extract<LiveRequest, { type: 'subscribe' }>;

const isId = createSchemaCheck(Unsubscribe.properties.id);
const checks = {
  'subscribe order': createSchemaCheck(SubscribeOrder),
  'subscribe stock': createSchemaCheck(SubscribeStock),
  'subscribe shop': createSchemaCheck(SubscribeShop),
  unsubscribe: createSchemaCheck(Unsubscribe),
  authenticate: createSchemaCheck(Authenticate),
  ping: createSchemaCheck(Ping),
};

/** Reads the text of a message. Throws `json_invalid`. */
export function readMessage(data: RawData, isBinary: boolean): object {
  let value: unknown;
  try {
    value = isBinary ? undefined : JSON.parse(String(data));
  } catch {
    // Refused below.
  }
  if (typeof value !== 'object' || value === null) throw new AppError('json_invalid', 'A message is a JSON object, sent as text.');
  return value;
}

/** The id by which the client knows a message, also one that is not valid in other members; undefined where it has none of the right form. */
export function idOf(message: object): string | undefined {
  const { id } = message as { id?: unknown };
  return isId(id) === undefined ? (id as string) : undefined;
}

/** Holds a message to its declaration. Throws `validation_failed`. */
export function liveRequestOf(value: object): LiveRequest {
  const { type, topic } = value as { type?: unknown; topic?: unknown };
  const kind = type === 'subscribe' ? `subscribe ${String(topic)}` : String(type);
  const check = Object.hasOwn(checks, kind) ? checks[kind as keyof typeof checks] : undefined;
  if (check === undefined)
    throw refusal('validation_failed', 'type must be subscribe (with a topic: order, stock, shop), unsubscribe, authenticate or ping.');
  const errors = check(value);
  if (errors === undefined) return value as LiveRequest;
  throw refusal('validation_failed', `The message is not valid: ${errors[0]?.pointer.slice(1)} ${errors[0]?.detail}.`, { errors });
}

/** What a subscription is about: an API key needs the scope of each. */
export function topicsIn(message: Subscribe): readonly LiveTopic[] {
  if (message.topic === 'shop') return message.topics ?? liveTopics;
  return [message.topic === 'stock' ? 'stock' : 'orders'];
}
