/** The events between the services as an AsyncAPI 3.0 document, derived from their declarations and from the topology. */
import type { EventDefinition } from '../define-event.ts';
import { events } from '../events/index.ts';
import { queues } from '../topology.ts';
import { exampleOf } from './example-of.ts';
import { createComponents, type Json, referTo } from './json-schema.ts';

export interface AsyncApiDocument extends Json {
  asyncapi: '3.0.0';
  channels: Record<string, Json>;
  operations: Record<string, Json>;
}

const exchange = { name: 'events', type: 'topic', durable: true, autoDelete: false } as const;
const bindingVersion = '0.3.0';
const introduction = [
  'What the services of Souk publish for each other. An event leaves through the outbox of the transaction that made it true and is published with a confirm to the exchange `events`, its type as routing key.',
  'Each consumer has one durable queue; it handles an event exactly once, however often it is delivered. The order of arrival means nothing: the members named in `x-souk-ordering` say which of two events is newer.',
  'Within a version only optional members are added. Consumers ignore members that they do not know.',
].join('\n\n');

/** Members of examples for which the general one would make no sense. */
const overrides: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'inventory.updated': { reason: 'reserved' },
  'payment.refunded': { reason: 'customer_request' },
};

/** The example of an event, as its reference shows it. */
export function eventExampleOf({ event_type, owner, schema }: EventDefinition): Json {
  return exampleOf(schema, { source: `${owner}@0.1.0`, ...overrides[event_type] }) as Json;
}

/** The document; `version` is that of the code. The same input gives the same document. */
export function asyncApiDocument(version: string, definitions: readonly EventDefinition[] = events): AsyncApiDocument {
  const types = definitions.map(({ event_type }) => event_type);
  const bound = Object.entries(queues as Record<string, readonly string[]>);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Souk events', version, description: introduction, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    channels: {
      ...Object.fromEntries(types.map((type) => [type, exchangeChannel(type)])),
      ...Object.fromEntries(bound.map(([queue, subscribed]) => [queue, queueChannel(queue, subscribed)])),
    },
    operations: {
      ...Object.fromEntries(definitions.map((definition) => [`publish.${definition.event_type}`, publishing(definition)])),
      ...Object.fromEntries(bound.map(([queue, subscribed]) => [`consume.${queue}`, consuming(queue, subscribed)])),
    },
    components: { messages: Object.fromEntries(definitions.map((definition) => [definition.event_type, messageObject(definition)])) },
  };
}

function messagesOf(types: readonly string[]): Json {
  return Object.fromEntries(types.map((type) => [type, referTo(`#/components/messages/${type}`)]));
}

function exchangeChannel(event_type: string): Json {
  return {
    address: event_type,
    description: `The exchange ${exchange.name} with the routing key ${event_type}.`,
    messages: messagesOf([event_type]),
    bindings: { amqp: { is: 'routingKey', exchange, bindingVersion } },
  };
}

function queueChannel(queue: string, subscribed: readonly string[]): Json {
  return {
    address: queue,
    description: `The queue of one consumer, bound to ${subscribed.join(', ')}.`,
    messages: messagesOf(subscribed),
    bindings: { amqp: { is: 'queue', queue: { name: queue, durable: true, exclusive: false, autoDelete: false }, bindingVersion } },
  };
}

function publishing({ event_type, owner, meaning }: EventDefinition): Json {
  const channel = `#/channels/${event_type}`;
  return {
    action: 'send',
    channel: referTo(channel),
    title: `${owner} publishes ${event_type}`,
    summary: meaning,
    messages: [referTo(`${channel}/messages/${event_type}`)],
    bindings: { amqp: { deliveryMode: 2, mandatory: true, bindingVersion } },
    'x-souk-service': owner,
  };
}

function consuming(queue: string, subscribed: readonly string[]): Json {
  const channel = `#/channels/${queue}`;
  const service = queue.split('.')[0];
  return {
    action: 'receive',
    channel: referTo(channel),
    title: `${service} handles ${subscribed.join(', ')}`,
    messages: subscribed.map((type) => referTo(`${channel}/messages/${type}`)),
    bindings: { amqp: { ack: true, bindingVersion } },
    'x-souk-service': service,
  };
}

function messageObject(definition: EventDefinition): Json {
  const { event_type, meaning, ordering, schema } = definition;
  return {
    name: event_type,
    title: event_type,
    summary: meaning,
    contentType: 'application/json',
    correlationId: { location: '$message.payload#/correlation_id', description: 'Everything that happened because of one request.' },
    payload: plainOf(schema),
    examples: [{ name: event_type.replaceAll('.', '_'), payload: eventExampleOf(definition) }],
    'x-souk-ordering': ordering.split(' + '),
  };
}

/** The schema as it stands, without a component of its own: each event has one message. */
function plainOf(schema: object): Json {
  const { title: _title, ...unnamed } = schema as { title?: string };
  return createComponents().use(unnamed);
}
