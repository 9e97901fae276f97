/**
 * The broker port: what Souk needs of a message broker, and no more. Two adapters keep it, the embedded broker (queue
 * tables in PostgreSQL) and RabbitMQ, and one conformance suite holds both. The promises: a confirmed message is on
 * disk in every queue bound to its routing key; a delivery not settled comes again; settling is all or nothing for a
 * batch; retries wait in the broker, not in a process.
 */
import { createQueueSamples, type QueueSamples, type QueueStats } from './queue-samples.ts';

/** A message on its way into the exchange `events`. */
export interface Outgoing {
  /** `event_id`; stays the same whatever is retried. */
  message_id: string;
  /** `event_type`. */
  routing_key: string;
  /** The event as JSON text. */
  body: string;
  correlation_id: string;
  headers: Readonly<Record<string, string>>;
  /** False for events without a subscriber yet: no queue is no fault. */
  mandatory: boolean;
}

/** `unconfirmed`: a queue of it did not take it, or did not say so in time, while the broker was there; publish it again. */
export type PublishOutcome = 'confirmed' | 'unroutable' | 'unconfirmed';

/** A message as a consumer gets it. */
export interface Delivery {
  message_id: string | null;
  routing_key: string;
  body: Uint8Array | string;
  content_type: string | null;
  headers: Readonly<Record<string, string>>;
  /** How many times handling has failed before, counted by Souk itself. */
  attempts: number;
  /** When it entered this queue first, epoch milliseconds. */
  enqueued_at: number;
  /** It was delivered before, to a consumer that never settled it. */
  redelivered: boolean;
}

/** What becomes of a delivery. */
export type Settlement = { kind: 'done' } | { kind: 'retry'; delay_ms: number } | { kind: 'dead'; reason: string; detail: string };

export interface QueueDeclaration {
  name: string;
  routing_keys: readonly string[];
}

export interface ConsumeOptions {
  queue: string;
  /** Most deliveries handed over at once. */
  batch_max: number;
  /** Says what becomes of each delivery, in the same order. A throw leaves all of them in the queue. */
  handle(batch: readonly Delivery[]): Promise<Settlement[]>;
}

export interface Consumption {
  /** Whether the broker would deliver at this moment. */
  attached(): boolean;
  /**
   * A time before which everything that had reached the queue has been settled: the queue was seen empty, or its
   * oldest message is younger. Epoch milliseconds; 0 while unknown, not attached, or attached so shortly that answers
   * held up by an outage may still be on their way.
   */
  processedUntil(): number;
  /** How many deliveries it has and has not settled. */
  unsettled(): number;
  /** Takes no more; resolves when the batch under way is settled. */
  close(): Promise<void>;
}

/** A broadcast as a subscriber gets it. */
export type OnMessage = (message: { routing_key: string; body: string }) => void;

export interface Broker {
  readonly kind: 'embedded' | 'rabbitmq';
  /** Declares queues, their bindings and their dead-letter queues. Idempotent; repeated by the adapter after each reconnect. */
  declare(queues: readonly QueueDeclaration[]): Promise<void>;
  /** Publishes and waits for the confirms. Rejects with `broker_unavailable` when the broker is away: none may be on disk. */
  publish(messages: readonly Outgoing[]): Promise<PublishOutcome[]>;
  /** Puts messages straight into one queue (replay of dead letters), attempts at zero. */
  publishTo(queue: string, messages: readonly Outgoing[]): Promise<void>;
  consume(options: ConsumeOptions): Consumption;
  /**
   * Subscribes to what matches (`order.*`) from now on, in this instance only; nothing is kept while it is away. `onGap` is called
   * when the subscription was lost and is there again: messages may have been missed.
   */
  subscribe(patterns: readonly string[], onMessage: OnMessage, onGap?: () => void): Promise<() => Promise<void>>;
  /** What waits in these queues, by default in all. */
  stats(queues?: readonly string[]): Promise<QueueStats[]>;
  /** The same for all who look often: services of one process share it with the connection. */
  readonly samples: QueueSamples;
  connected(): boolean;
  /** What does not work although it is connected, a sentence each: a queue that is stuck is none of ours to repair, but to report. */
  incidents(): readonly string[];
  close(): Promise<void>;
}

/** What an adapter implements. */
export type BrokerAdapter = Omit<Broker, 'samples'>;

/** The broker as a plain object of functions, so that a decorator can spread it and put one of them in another's place. */
export function asFunctions(broker: BrokerAdapter): Broker {
  return {
    kind: broker.kind,
    declare: (queues) => broker.declare(queues),
    publish: (messages) => broker.publish(messages),
    publishTo: (queue, messages) => broker.publishTo(queue, messages),
    consume: (consumer) => broker.consume(consumer),
    subscribe: (patterns, onMessage, onGap) => broker.subscribe(patterns, onMessage, onGap),
    stats: (queues) => broker.stats(queues),
    samples: createQueueSamples((queues) => broker.stats(queues)),
    connected: () => broker.connected(),
    incidents: () => broker.incidents(),
    close: () => broker.close(),
  };
}

/** Whether a routing key matches a topic pattern (`*` is one word, `#` any number), as AMQP 0-9-1 defines it. */
export function matchesTopic(pattern: string, routing_key: string): boolean {
  return matchWords(pattern.split('.'), routing_key.split('.'));
}

function matchWords(pattern: readonly string[], words: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return words.length === 0;
  if (head === '#') return matchWords(rest, words) || (words.length > 0 && matchWords(pattern, words.slice(1)));
  return words.length > 0 && (head === '*' || head === words[0]) && matchWords(rest, words.slice(1));
}
