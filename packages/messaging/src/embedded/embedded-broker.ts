/**
 * The embedded broker: the broker port on tables of a PostgreSQL database of its own. It is real: messages survive a
 * crash of everything, several processes may publish and consume, and a consumer that dies gives its messages back
 * at once, because they are held by row locks of its connection. Consumers in the publishing process are woken
 * directly; those elsewhere find the messages within `poll_ms`.
 */

import { refusal } from '@souk/contracts';
import { type Clock, type IdSource, type Log, pause } from '@souk/kernel';
import { type Database, openDatabase } from '@souk/postgres';
import {
  asFunctions,
  type Broker,
  type BrokerAdapter,
  type ConsumeOptions,
  type Consumption,
  matchesTopic,
  type OnMessage,
  type Outgoing,
  type PublishOutcome,
  type QueueDeclaration,
} from '../broker.ts';
import type { QueueStats } from '../queue-samples.ts';
import { createConsumption, type LocalConsumption } from './consumption.ts';
import * as store from './store.ts';

export interface EmbeddedBrokerOptions {
  /** URL of the broker's own database. */
  url: string;
  log: Log;
  clock: Clock;
  ids: IdSource;
  /** How often a process looks for messages it was not woken for (default 200 ms). */
  poll_ms?: number;
  /** Most connections to the database (default 12). */
  pool_max?: number;
  /** How long a consumer must have been attached before its queue counts as drained (default 30 s). */
  settling_ms?: number;
}

const pollDefaultMs = 200;
const settlingDefaultMs = 30_000;
const poolDefault = 12;
const listenerLeaseMs = 30_000;
/** The lease is renewed once in so many polls. */
const pollsForEachLease = 40;
const notifyBytesMax = 7_500;
export const embeddedBrokerMigrations = new URL('../../embedded-migrations/', import.meta.url);

/** Opens the broker; its tables must have been migrated (`embeddedBrokerMigrations`). */
export function openEmbeddedBroker(options: EmbeddedBrokerOptions): Broker {
  return asFunctions(new EmbeddedBroker(options));
}

class EmbeddedBroker implements BrokerAdapter {
  readonly kind = 'embedded';
  readonly #options: EmbeddedBrokerOptions;
  readonly #db: Database;
  readonly #instance_id: string;
  readonly #stopping = new AbortController();
  readonly #consumptions = new Map<string, LocalConsumption[]>();
  readonly #subscriptions = new Set<{ patterns: readonly string[]; onMessage: OnMessage; onGap(): void }>();
  readonly #polling: Promise<void>;
  #bindings = new Map<string, string[]>();
  #queue_ids = new Map<string, number>();
  #reachable = true;
  #others_listen = false;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    const { url, log, pool_max = poolDefault } = options;
    this.#db = openDatabase({ url, application_name: 'souk-broker', pool_max, log });
    this.#instance_id = options.ids.uuid();
    this.#polling = this.#poll();
  }

  async declare(queues: readonly QueueDeclaration[]): Promise<void> {
    await this.#reached(async () => {
      await store.declareQueues(this.#db, queues);
      this.#queue_ids = await store.queueIds(this.#db);
    });
    const bindings = new Map(this.#bindings);
    for (const { name, routing_keys } of queues)
      for (const key of routing_keys) bindings.set(key, [...new Set([...(bindings.get(key) ?? []), name])]);
    this.#bindings = bindings;
  }

  async publish(messages: readonly Outgoing[]): Promise<PublishOutcome[]> {
    if (messages.length === 0) return [];
    const broadcast = this.#others_listen ? broadcastPayload(this.#instance_id, messages) : null;
    const unroutable = await this.#reached(() => store.insertRouted(this.#db, messages, broadcast));
    for (const key of new Set(messages.map((message) => message.routing_key)))
      for (const [pattern, queues] of this.#bindings) if (matchesTopic(pattern, key)) for (const queue of queues) this.#wake(queue);
    if (this.#subscriptions.size > 0) for (const message of messages) this.#notifySubscribers(message);
    return outcomes(messages, unroutable);
  }

  async publishTo(queue: string, messages: readonly Outgoing[]): Promise<void> {
    await this.#reached(() => store.insertInto(this.#db, queue, messages));
    this.#wake(queue);
  }

  consume(options: ConsumeOptions): Consumption {
    const { log, clock, settling_ms = settlingDefaultMs } = this.#options;
    const others = (): LocalConsumption[] => (this.#consumptions.get(options.queue) ?? []).filter((other) => other !== consumption);
    const consumption: LocalConsumption = createConsumption({
      ...options,
      db: this.#db,
      log,
      clock,
      settling_ms,
      queueId: () => this.#queue_ids.get(options.queue),
      onClose: () => this.#consumptions.set(options.queue, others()),
    });
    this.#consumptions.set(options.queue, [...others(), consumption]);
    consumption.wake();
    return consumption;
  }

  async subscribe(patterns: readonly string[], onMessage: OnMessage, onGap: () => void = () => undefined): Promise<() => Promise<void>> {
    const subscription = { patterns, onMessage, onGap };
    this.#subscriptions.add(subscription);
    this.#unlisten ??= await this.#db.listen('souk_broadcast', (payload) => this.#receiveForeign(payload));
    await this.#renewListener();
    return async () => {
      this.#subscriptions.delete(subscription);
    };
  }

  async stats(queues?: readonly string[]): Promise<QueueStats[]> {
    const stats = await this.#reached(() => store.stats(this.#db, queues ?? [...this.#queue_ids.keys()]));
    return stats.map((row) => ({ ...row, in_hand: this.#unsettled(row.queue) }));
  }

  connected(): boolean {
    return this.#reachable;
  }

  /** Its queues are tables: they work together or not at all. */
  incidents(): readonly string[] {
    return [];
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#everyConsumption().map((consumption) => consumption.close()));
    await this.#polling;
    await this.#unlisten?.();
    await this.#db.close();
  }

  async #poll(): Promise<void> {
    for (let round = 0; !this.#stopping.signal.aborted; round += 1) {
      await pause(this.#options.poll_ms ?? pollDefaultMs, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      try {
        await this.#pollOnce();
        if (round % pollsForEachLease === 0) await this.#renewListener();
        if (!this.#reachable) this.#options.log.info({}, 'the embedded broker answers again');
        this.#reachable = true;
      } catch (error) {
        if (this.#reachable && !this.#stopping.signal.aborted)
          this.#options.log.warn({ err: error }, 'the embedded broker does not answer');
        this.#reachable = false;
        for (const consumption of this.#everyConsumption()) consumption.lost();
      }
    }
  }

  async #pollOnce(): Promise<void> {
    const watched = [...this.#consumptions].filter(([, list]) => list.length > 0);
    const polled_at = this.#options.clock.now();
    const ready = await store.tick(
      this.#db,
      watched.flatMap(([queue]) => this.#queue_ids.get(queue) ?? []),
    );
    const delayed = await store.oldestDelayed(this.#db);
    for (const [queue, list] of watched) {
      const id = this.#queue_ids.get(queue);
      if (id === undefined) continue;
      const oldest = ready.get(id);
      const oldest_ms = Math.min(oldest?.oldest_ms ?? polled_at, delayed.get(id) ?? polled_at);
      for (const consumption of list) {
        consumption.seen(oldest_ms, oldest?.oldest_id ?? undefined);
        if (oldest !== undefined) consumption.wake();
      }
    }
  }

  async #renewListener(): Promise<void> {
    this.#others_listen = await store.renewListener(this.#db, this.#instance_id, listenerLeaseMs, this.#subscriptions.size > 0);
  }

  #receiveForeign(payload: string): void {
    // The connection was lost and is there again.
    if (payload === '') {
      for (const { onGap } of this.#subscriptions) onGap();
      return;
    }
    const { from, broadcast } = JSON.parse(payload) as { from: string; broadcast: { routing_key: string; body: string }[] };
    if (from !== this.#instance_id) for (const message of broadcast) this.#notifySubscribers(message);
  }

  #notifySubscribers(message: { routing_key: string; body: string }): void {
    for (const { patterns, onMessage } of this.#subscriptions) {
      if (patterns.some((pattern) => matchesTopic(pattern, message.routing_key))) onMessage(message);
    }
  }

  #unsettled(queue: string): number {
    return (this.#consumptions.get(queue) ?? []).reduce((sum, consumption) => sum + consumption.unsettled(), 0);
  }

  #wake(queue: string): void {
    for (const consumption of this.#consumptions.get(queue) ?? []) consumption.wake();
  }

  #everyConsumption(): LocalConsumption[] {
    return [...this.#consumptions.values()].flat();
  }

  async #reached<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#reachable = true;
      return result;
    } catch (error) {
      this.#reachable = false;
      throw refusal('broker_unavailable', undefined, {}, error);
    }
  }
}

function outcomes(messages: readonly Outgoing[], unroutable: readonly number[]): PublishOutcome[] {
  if (unroutable.length === 0) return messages.map(() => 'confirmed');
  const lost = new Set(unroutable);
  return messages.map((message, position) => (message.mandatory && lost.has(position) ? 'unroutable' : 'confirmed'));
}

/** What other processes are sent of a batch: the events themselves while they fit into a notification. */
function broadcastPayload(instance_id: string, messages: readonly Outgoing[]): string {
  const broadcast: { routing_key: string; body: string }[] = [];
  let bytes = 0;
  for (const { routing_key, body } of messages) {
    bytes += Buffer.byteLength(body) * 1.2 + 60;
    if (bytes > notifyBytesMax) break;
    broadcast.push({ routing_key, body });
  }
  return JSON.stringify({ from: instance_id, broadcast });
}
