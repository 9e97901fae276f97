/** Everything a service has of messaging, assembled: outbox, relay, consumers, dead letters. */
import { queues } from '@souk/contracts';
import type { Clock, IdSource, Log, Metrics } from '@souk/kernel';
import type { Database, Tx } from '@souk/postgres';
import { silentTracer, type Tracer } from '@souk/telemetry/tracing';
import type { Broker, Consumption } from './broker.ts';
import type { AnyConsumer } from './consumer.ts';
import { runConsumer } from './consumer-runtime.ts';
import { createDeadLetters, type DeadLetters, drainDeadQueues } from './dead-letters.ts';
import { type EventDraft, finalise } from './event.ts';
import { maintainInbox } from './inbox.ts';
import { observeMessaging, watchQueues } from './messaging-metrics.ts';
import { findWaiting, insertRows } from './outbox-store.ts';
import { createRelay, type Relay } from './relay.ts';

export const messagingMigrations = new URL('../migrations/', import.meta.url);

export interface Outbox {
  /** Appends the events in the transaction they belong to; they are published after its commit. */
  append(tx: Tx, drafts: readonly EventDraft[]): Promise<void>;
  /** The same, but leaves out events that wait there already under their ids. */
  appendMissing(tx: Tx, drafts: readonly EventDraft[]): Promise<void>;
}

export interface MessagingHealth {
  broker_connected: boolean;
  /** What does not work although it is connected, a sentence each. */
  broker_incidents: readonly string[];
  consumers: { queue: string; attached: boolean }[];
  outbox: { backlog: number; oldest_age_s: number };
}

export interface Messaging {
  outbox: Outbox;
  deadLetters: DeadLetters;
  /** Declares the whole topology, starts the relay, then the consumers. Rejects while the broker is away: call again. */
  start<Context>(consumers: readonly AnyConsumer<Context>[], context: Context): Promise<void>;
  /** Consumers finish their batch, then the relay sends what it holds. */
  stop(): Promise<void>;
  health(): MessagingHealth;
  consumption(queue: string): Consumption | undefined;
  /** Nothing waits in the outbox. */
  idle(): Promise<boolean>;
}

export interface MessagingOptions {
  service: string;
  db: Database;
  broker: Broker;
  clock: Clock;
  ids: IdSource;
  log: Log;
  metrics: Metrics;
  /** Default: nothing is traced. */
  tracer?: Tracer;
  /** Version of the running code, kept with events and dead letters. */
  code_version: string;
}

const inboxMaintenanceMs = 3_600_000;

/** Assembles the messaging of one service over its database and broker. Nothing runs before `start`; `outbox.append` works at once. */
export function createMessaging(options: MessagingOptions): Messaging {
  const { service, db, broker, clock, ids, log, metrics, tracer = silentTracer, code_version } = options;
  const source = `${service}@${code_version}`;
  const relay = createRelay({ db, broker, clock, log, metrics, tracer });
  const consumptions = new Map<string, Consumption>();
  let expected: string[] = [];
  let drains: Consumption[] = [];
  let timer: NodeJS.Timeout | undefined;

  observeMessaging({ service, db, broker, relay, metrics, consumptions, expected: () => expected });

  const append = async (tx: Tx, drafts: readonly EventDraft[]): Promise<void> => {
    if (drafts.length === 0) return;
    const rows = drafts.map((draft) => finalise(draft, { ids, clock, source }));
    tx.onCommit(() => relay.offer(rows));
    await insertRows(tx, rows);
  };

  return {
    outbox: {
      append,
      async appendMissing(tx, drafts) {
        const waiting = await findWaiting(
          tx,
          drafts.flatMap(({ event_id }) => event_id ?? []),
        );
        await append(
          tx,
          drafts.filter(({ event_id }) => event_id === undefined || !waiting.has(event_id)),
        );
      },
    },
    deadLetters: createDeadLetters(db, broker),
    async start(consumers, context) {
      expected = consumers.map((consumer) => consumer.queue);
      await maintainInbox(db, clock);
      relay.start();
      watchQueues(broker, service);
      await broker.declare(Object.entries(queues).map(([name, routing_keys]) => ({ name, routing_keys })));
      relay.open();
      for (const consumer of consumers) {
        if (!consumptions.has(consumer.queue))
          consumptions.set(consumer.queue, runConsumer(consumer, context, { service, db, broker, clock, log, metrics, tracer }));
      }
      if (drains.length === 0) drains = drainDeadQueues(service, db, broker, code_version);
      timer ??= setInterval(() => {
        maintainInbox(db, clock).catch((error: unknown) => log.warn({ err: error }, 'the inbox could not be maintained'));
      }, inboxMaintenanceMs).unref();
    },
    async stop() {
      clearInterval(timer);
      await Promise.all([...consumptions.values(), ...drains].map((consumption) => consumption.close()));
      await relay.stop();
    },
    health: () => ({
      broker_connected: broker.connected(),
      broker_incidents: broker.incidents(),
      consumers: expected.map((queue) => ({ queue, attached: consumptions.get(queue)?.attached() ?? false })),
      outbox: outboxHealth(relay),
    }),
    consumption: (queue) => consumptions.get(queue),
    idle: () => relay.empty(),
  };
}

function outboxHealth(relay: Relay): MessagingHealth['outbox'] {
  const { backlog, oldest_age_s } = relay.stats();
  return { backlog, oldest_age_s };
}
