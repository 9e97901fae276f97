/**
 * The same consumers behind a real broker: every message comes at least twice, poison lies between the good ones, and
 * the first handling of each batch commits and is then lost before it is acknowledged, as in a crash. On the embedded
 * broker everywhere, on RabbitMQ where the test run has found one.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type AnyEvent, type QueueName, queues } from '@souk/contracts';
import { silentLog, systemClock, systemIds } from '@souk/kernel';
import type { Database } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import type { Broker, Consumption, Delivery, Outgoing, Settlement } from '../broker.ts';
import { drainDeadQueues } from '../dead-letters.ts';
import { embeddedBrokerMigrations, openEmbeddedBroker } from '../embedded/embedded-broker.ts';
import { openRabbitBroker } from '../rabbitmq/rabbit-broker.ts';
import { anEnvelope } from './an-event.ts';
import { freshVirtualHost, type TestVirtualHost } from './test-rabbitmq.ts';
import { until } from './until.ts';

/** A migrated service of a test. */
export interface OpenService {
  db: Database;
  close(): Promise<void>;
}

/** A consumer and what it takes to look at it, whatever its context is. */
export interface BrokerCase<Fixture extends OpenService> {
  service: string;
  queue: QueueName;
  open(): Promise<Fixture>;
  prepare(fixture: Fixture): Promise<AnyEvent[]>;
  seen(fixture: Fixture): Promise<unknown>;
  handlerOf(fixture: Fixture): (batch: readonly Delivery[]) => Promise<Settlement[]>;
}

interface OpenBroker {
  broker: Broker;
  close(): Promise<void>;
}

const drainLimitMs = 30_000;
const batch_max = 100;
const times = { log: silentLog, clock: systemClock, ids: systemIds, settling_ms: 0 } as const;
/** One for all consumers of a test file. */
let rabbit: Promise<TestVirtualHost> | undefined;
let closing = false;

/** Registers the tests of one consumer behind each broker that is there. */
export function consumerOnBrokers<Fixture extends OpenService>(subject: BrokerCase<Fixture>): void {
  onBroker(subject, 'the embedded broker', openEmbedded);
  if (process.env['SOUK_TEST_DISTRIBUTED'] !== '1') return;
  onBroker(subject, 'RabbitMQ', openRabbit);
  if (!closing) after(async () => (await rabbit)?.close());
  closing = true;
}

function onBroker<Fixture extends OpenService>(subject: BrokerCase<Fixture>, name: string, open: () => Promise<OpenBroker>): void {
  describe(`${subject.queue} on ${name}`, () => {
    test('what comes twice, among poison and through a crash before the acknowledgement, has its one effect', async () => {
      const fixture = await subject.open();
      const { broker, close } = await open();
      const attached: Consumption[] = [];
      try {
        const events = await subject.prepare(fixture);
        await broker.declare(ownQueues(subject.service));
        await broker.publishTo(subject.queue, [...events.map(outgoing), ...poison(events[0] as AnyEvent), ...events.map(outgoing)]);
        const crashing = crashOnce(subject, fixture, events);
        const consumption = broker.consume({ queue: subject.queue, batch_max, handle: crashing.handle });
        attached.push(consumption, ...drainDeadQueues(subject.service, fixture.db, broker, 'test'));
        await drained(broker, consumption, subject.queue);
        assert.equal(crashing.lost(), new Set(events.map((event) => event.event_id)).size, 'each was handled and lost once');
        const effects = await subject.seen(fixture);
        assert.deepEqual(effects, crashing.effects(), 'what was handled again changed nothing');
        await until(async () => ((await deadCount(fixture)) === 3 ? undefined : `${await deadCount(fixture)} of 3 dead letters`));

        await broker.publishTo(subject.queue, events.map(outgoing));
        await drained(broker, consumption, subject.queue);
        assert.deepEqual(await subject.seen(fixture), effects, 'a late repeat changed nothing');
      } finally {
        await Promise.all(attached.map((consumption) => consumption.close()));
        await close();
        await fixture.close();
      }
    });
  });
}

/** Commits what it has not seen before and then fails, so that the broker gives it again; what it has seen it settles. */
function crashOnce<Fixture extends OpenService>(subject: BrokerCase<Fixture>, fixture: Fixture, events: readonly AnyEvent[]) {
  const handle = subject.handlerOf(fixture);
  const waiting = new Set(events.map((event) => event.event_id));
  let lost = 0;
  let effects: unknown;
  return {
    lost: () => lost,
    effects: () => effects,
    async handle(batch: readonly Delivery[]): Promise<Settlement[]> {
      const settlements = await handle(batch);
      const fresh = batch.filter(({ message_id }, index) => settlements[index]?.kind === 'done' && waiting.delete(message_id ?? ''));
      if (fresh.length === 0) return settlements;
      lost += fresh.length;
      if (waiting.size === 0) effects = await subject.seen(fixture);
      throw new Error('A crash made by the test, after the commit and before the acknowledgement.');
    },
  };
}

function outgoing(event: AnyEvent): Outgoing {
  return {
    message_id: event.event_id,
    routing_key: event.event_type,
    body: JSON.stringify(event),
    correlation_id: event.correlation_id,
    headers: { event_type: event.event_type, version: event.version },
    mandatory: true,
  };
}

function poison(good: AnyEvent): Outgoing[] {
  const wrong = outgoing(anEnvelope(good.event_type, { nothing: 'known' }));
  return [wrong, { ...outgoing(anEnvelope('no.such_event', {})), headers: {} }, { ...wrong, message_id: systemIds.uuid(), body: '{"half' }];
}

/** Bound to nothing: what is published in this test goes straight into the queue. */
function ownQueues(service: string): { name: string; routing_keys: readonly string[] }[] {
  return Object.keys(queues)
    .filter((name) => name.startsWith(`${service}.`))
    .map((name) => ({ name, routing_keys: [] }));
}

async function drained(broker: Broker, consumption: Consumption, queue: string): Promise<void> {
  const from = Date.now();
  await until(async () => {
    if (consumption.processedUntil() <= from) return `${queue} is not drained`;
    const stats = (await broker.stats()).find((row) => row.queue === queue);
    return (stats?.delayed ?? 0) > 0 ? `${stats?.delayed} wait for another try` : undefined;
  }, drainLimitMs);
}

async function deadCount({ db }: OpenService): Promise<number> {
  const [row] = await db.query<{ count: number }>('select count(*)::int count from dead_letters');
  return row?.count ?? 0;
}

async function openEmbedded(): Promise<OpenBroker> {
  const database = await freshDatabase({ folders: [embeddedBrokerMigrations] });
  const broker = openEmbeddedBroker({ url: database.url, poll_ms: 20, ...times });
  return {
    broker,
    async close() {
      await broker.close();
      await database.drop();
    },
  };
}

async function openRabbit(): Promise<OpenBroker> {
  rabbit ??= freshVirtualHost();
  const broker = openRabbitBroker({ url: (await rabbit).url, probe_ms: 20, ...times });
  return { broker, close: () => broker.close() };
}
