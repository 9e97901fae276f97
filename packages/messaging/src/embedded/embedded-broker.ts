/**
 * The embedded broker: the broker port on tables of a PostgreSQL database of its own. It is real: messages survive a
 * crash of everything, several processes may publish and consume, and a consumer that dies gives its messages back
 * at once, because they are held by row locks of its connection. Consumers in the publishing process are woken
 * directly; those elsewhere find the messages within `poll_ms`.
 */
import { type Clock, type IdSource, type Log, pause } from '@souk/kernel';
import { type Database, openDatabase } from '@souk/postgres';
import { refusal } from '@souk/contracts';
import { type Broker, type ConsumeOptions, type Consumption, matchesTopic, type Outgoing, type PublishOutcome } from '../broker.ts';
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

type Heard = (message: { routing_key: string; body: string }) => void;

const listenerLeaseMs = 30_000;
const notifyBytesMax = 7_500;
export const embeddedBrokerMigrations = new URL('../../embedded-migrations/', import.meta.url);

/** Opens the broker; its tables must have been migrated (`embeddedBrokerMigrations`). */
export function openEmbeddedBroker(options: EmbeddedBrokerOptions): Broker {
  const { log, clock } = options;
  const db = openDatabase({ url: options.url, application_name: 'souk-broker', pool_max: options.pool_max ?? 12, log });
  const stopping = new AbortController();
  const consumptions = new Map<string, LocalConsumption[]>();
  const subscriptions = new Set<{ patterns: readonly string[]; heard: Heard }>();
  const instance_id = options.ids.uuid();
  let bindings = new Map<string, string[]>();
  let ids = new Map<string, number>();
  let reachable = true;
  let others_listen = false;
  let unlisten: (() => Promise<void>) | undefined;

  const wake = (routing_keys: Iterable<string>): void => {
    for (const key of routing_keys) for (const queue of bindings.get(key) ?? []) for (const consumption of consumptions.get(queue) ?? []) consumption.wake();
  };
  const tellSubscribers: Heard = (message) => {
    for (const { patterns, heard } of subscriptions) if (patterns.some((pattern) => matchesTopic(pattern, message.routing_key))) heard(message);
  };
  const reached = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      reachable = true;
      return result;
    } catch (error) {
      reachable = false;
      throw refusal('broker_unavailable', undefined, {}, error);
    }
  };

  const poll = async (): Promise<void> => {
    let rounds = 0;
    while (!stopping.signal.aborted) {
      await pause(options.poll_ms ?? 200, stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        await lookForWork(db, consumptions, ids, clock);
        if (rounds++ % 40 === 0) others_listen = await store.renewListener(db, instance_id, listenerLeaseMs, subscriptions.size > 0);
        if (!reachable) log.info({}, 'the embedded broker answers again');
        reachable = true;
      } catch (error) {
        if (reachable && !stopping.signal.aborted) log.warn({ err: error }, 'the embedded broker does not answer');
        reachable = false;
        for (const consumption of [...consumptions.values()].flat()) consumption.lost();
      }
    }
  };
  const polling = poll();

  return {
    kind: 'embedded',
    async declare(queues) {
      await reached(async () => {
        await store.declareQueues(db, queues);
        ids = await store.queueIds(db);
      });
      const next = new Map(bindings);
      for (const queue of queues) for (const key of queue.routing_keys) next.set(key, [...new Set([...(next.get(key) ?? []), queue.name])]);
      bindings = next;
    },
    async publish(messages) {
      if (messages.length === 0) return [];
      const unroutable = await reached(() => store.insertRouted(db, messages, others_listen ? broadcastPayload(instance_id, messages) : null));
      wake(new Set(messages.map((message) => message.routing_key)));
      if (subscriptions.size > 0) for (const message of messages) tellSubscribers(message);
      return outcomes(messages, unroutable);
    },
    async publishTo(queue, messages) {
      await reached(() => store.insertInto(db, queue, messages));
      for (const consumption of consumptions.get(queue) ?? []) consumption.wake();
    },
    consume(consume: ConsumeOptions): Consumption {
      const consumption = createConsumption({ ...consume, db, log, clock, settling_ms: options.settling_ms ?? 30_000, queueId: () => ids.get(consume.queue), onClose: remove });
      function remove(): void {
        consumptions.set(consume.queue, (consumptions.get(consume.queue) ?? []).filter((other) => other !== consumption));
      }
      consumptions.set(consume.queue, [...(consumptions.get(consume.queue) ?? []), consumption]);
      consumption.wake();
      return consumption;
    },
    async subscribe(patterns, heard) {
      const subscription = { patterns, heard };
      subscriptions.add(subscription);
      unlisten ??= await db.listen('souk_broadcast', (payload) => hearForeign(payload, instance_id, tellSubscribers));
      others_listen = await store.renewListener(db, instance_id, listenerLeaseMs, true);
      return async () => {
        subscriptions.delete(subscription);
      };
    },
    figures: () => reached(() => store.figures(db)),
    connected: () => reachable,
    async close() {
      stopping.abort();
      await Promise.all([...consumptions.values()].flat().map((consumption) => consumption.close()));
      await polling;
      await unlisten?.();
      await db.close();
    },
  };
}

async function lookForWork(db: Database, consumptions: Map<string, LocalConsumption[]>, ids: Map<string, number>, clock: Clock): Promise<void> {
  const watched = [...consumptions].filter(([, list]) => list.length > 0);
  const looked_at = clock.now();
  const ready = await store.tick(db, watched.flatMap(([queue]) => ids.get(queue) ?? []));
  const delayed = await store.oldestDelayed(db);
  for (const [queue, list] of watched) {
    const id = ids.get(queue);
    if (id === undefined) continue;
    const oldest = Math.min(ready.get(id) ?? looked_at, delayed.get(id) ?? looked_at);
    for (const consumption of list) {
      consumption.seen(oldest);
      if (ready.has(id)) consumption.wake();
    }
  }
}

function outcomes(messages: readonly Outgoing[], unroutable: readonly number[]): PublishOutcome[] {
  if (unroutable.length === 0) return messages.map(() => 'confirmed');
  const lost = new Set(unroutable);
  return messages.map((message, position) => (message.mandatory && lost.has(position) ? 'unroutable' : 'confirmed'));
}

/** What other processes are told of a batch: the events themselves while they fit into a notification. */
function broadcastPayload(instance_id: string, messages: readonly Outgoing[]): string {
  const told: { routing_key: string; body: string }[] = [];
  let bytes = 0;
  for (const { routing_key, body } of messages) {
    bytes += Buffer.byteLength(body) * 1.2 + 60;
    if (bytes > notifyBytesMax) break;
    told.push({ routing_key, body });
  }
  return JSON.stringify({ from: instance_id, told });
}

function hearForeign(payload: string, instance_id: string, heard: Heard): void {
  const { from, told } = JSON.parse(payload) as { from: string; told: { routing_key: string; body: string }[] };
  if (from !== instance_id) for (const message of told) heard(message);
}
