/** The rows of the outbox between several relays: who publishes which, and when. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { orderCompleted, refusal } from '@souk/contracts';
import { silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import { type Broker, createMessaging, draft, embeddedBrokerMigrations, messagingMigrations, openEmbeddedBroker } from '@souk/messaging';
import { until } from '@souk/messaging/testing';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { silentTracer } from '@souk/telemetry/tracing';
import type { OutboxRow } from '../src/event.ts';
import { claimUnpublished, insertRows } from '../src/outbox-store.ts';
import { createRelay } from '../src/relay.ts';

const brokerDatabase = await freshDatabase({ folders: [embeddedBrokerMigrations] });
const real = openEmbeddedBroker({ url: brokerDatabase.url, log: silentLog, clock: systemClock, ids: systemIds });
const database = await freshDatabase({ folders: [messagingMigrations] });
const open = () => openDatabase({ url: database.url, application_name: 'test', pool_max: 3, log: silentLog });
const [db, other] = [open(), open()];
after(async () => {
  await Promise.all([db.close(), other.close(), real.close()]);
  await Promise.all([database.drop(), brokerDatabase.drop()]);
});
beforeEach(async () => {
  await db.query('delete from outbox');
});

const claim = { age_ms: 2_000, claim_ms: 15_000, batch_max: 10 };
const idsOf = (rows: readonly { event_id: string }[]): string[] => rows.map(({ event_id }) => event_id).sort();

/** Rows that were written so long ago. */
async function rows(count: number, age_ms = 60_000): Promise<string[]> {
  const ids = Array.from({ length: count }, () => systemIds.uuid()).sort();
  await insertRows(
    db,
    ids.map((event_id) => ({ event_id, event_type: 'order.completed', body: '{}' })),
  );
  await db.query(`update outbox set created_at = clock_timestamp() - $2::int * interval '1 ms' where event_id = any($1::uuid[])`, [
    ids,
    age_ms,
  ]);
  return ids;
}

test('rows that one relay is claiming are left out by the others, which wait for nothing', async () => {
  const ids = await rows(3);
  await db.transaction(async (tx) => {
    assert.deepEqual(idsOf(await claimUnpublished(tx, { ...claim, batch_max: 2 })), ids.slice(0, 2), 'the oldest first');
    const found = await other.transaction(async (second) => {
      await second.query(`set local lock_timeout = '500ms'`);
      return claimUnpublished(second, claim);
    });
    assert.deepEqual(idsOf(found), ids.slice(2));
  });
});

test('rows that were claimed are claimed again only when the claim has ended', async () => {
  const ids = await rows(2);
  assert.deepEqual(idsOf(await claimUnpublished(db, claim)), ids);
  assert.deepEqual(await claimUnpublished(other, claim), []);
  await db.query(`update outbox set claimed_until = clock_timestamp() - interval '1 ms'`);
  assert.deepEqual(idsOf(await claimUnpublished(other, claim)), ids);
});

test('fresh rows are left to the process that wrote them', async () => {
  await rows(1, 500);
  assert.deepEqual(await claimUnpublished(db, claim), []);
});

/** Tells what it is asked to publish, and is away or not. */
function brokerThat(is: { away: boolean }) {
  const published: number[] = [];
  const broker: Broker = {
    ...real,
    publish(messages) {
      published.push(messages.length);
      return is.away ? Promise.reject(refusal('broker_unavailable')) : real.publish(messages);
    },
  };
  return { broker, published };
}

const times = { clock: systemClock, log: silentLog, metrics: silentMetrics };
const messaging = createMessaging({ service: 'orders', db, broker: real, ids: systemIds, code_version: 'test', ...times });
const completed = (event_id?: string) =>
  draft(
    orderCompleted,
    { order_id: systemIds.uuid(), order_version: 5, user_id: systemIds.uuid() },
    { correlation_id: systemIds.uuid(), actor: 'system' },
    event_id,
  );

test('what waits under its id already is not appended again, what is new is', async () => {
  const [known, fresh] = [systemIds.uuid(), systemIds.uuid()];
  await db.transaction((tx) => messaging.outbox.append(tx, [completed(known)]));
  await db.transaction((tx) => messaging.outbox.appendMissing(tx, [completed(known), completed(fresh), completed()]));
  const waiting = await db.query<{ event_id: string }>('select event_id from outbox');
  assert.equal(waiting.length, 3);
  assert.ok([known, fresh].every((id) => waiting.some(({ event_id }) => event_id === id)));
});

test('while the broker is away fresh rows are left in the table, and memory does not grow', async () => {
  const { broker, published } = brokerThat({ away: true });
  const relay = createRelay({ db, broker, tracer: silentTracer, ...times });
  await db.transaction((tx) => messaging.outbox.append(tx, [completed(), completed()]));
  const [first, second] = await db.query<OutboxRow>('select event_id, event_type, body from outbox');
  relay.open();
  relay.offer([first as OutboxRow]);
  await until(() => (published.length > 0 ? undefined : 'nothing was published'));
  await relay.stop();
  relay.offer([second as OutboxRow]);
  await relay.stop();
  assert.deepEqual(published, [1]);
});
