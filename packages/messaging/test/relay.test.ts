import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { inventoryReserved } from '@souk/contracts';
import { silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import { type Broker, createMessaging, draft, embeddedBrokerMigrations, messagingMigrations, openEmbeddedBroker } from '@souk/messaging';
import { until } from '@souk/messaging/testing';
import { type Database, openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';

const brokerDatabase = await freshDatabase({ folders: [embeddedBrokerMigrations] });
const serviceDatabase = await freshDatabase({ folders: [messagingMigrations] });
const real = openEmbeddedBroker({ url: brokerDatabase.url, log: silentLog, clock: systemClock, ids: systemIds, poll_ms: 20 });
const plain = openDatabase({ url: serviceDatabase.url, application_name: 'test', pool_max: 4, log: silentLog });

let confirms = true;
let refused = 0;
let published = 0;
let connected = true;
const broker: Broker = {
  ...real,
  connected: () => connected,
  async publish(messages) {
    if (!connected) {
      refused += messages.length;
      throw new Error('the connection was lost');
    }
    if (!confirms) {
      refused += messages.length;
      return messages.map(() => 'unconfirmed');
    }
    published += messages.length;
    return real.publish(messages);
  },
};
let deletes = true;
let failedDeletes = 0;
const db: Database = {
  ...plain,
  query(text, values) {
    if (!deletes && text.startsWith('delete from outbox')) {
      failedDeletes += 1;
      return Promise.reject(new Error('the connection was terminated'));
    }
    return plain.query(text, values);
  },
};
const orders = createMessaging({
  service: 'orders',
  db,
  broker,
  clock: systemClock,
  ids: systemIds,
  log: silentLog,
  metrics: silentMetrics,
  code_version: 'test',
});
await orders.start([], {});

after(async () => {
  await orders.stop();
  await real.close();
  await plain.close();
  await serviceDatabase.drop();
  await brokerDatabase.drop();
});

const append = (count: number): Promise<void> =>
  plain.transaction((tx) =>
    orders.outbox.append(
      tx,
      Array.from({ length: count }, () =>
        draft(
          inventoryReserved,
          { order_id: systemIds.uuid(), items: [{ product_id: systemIds.uuid(), quantity: 1 }] },
          { correlation_id: systemIds.uuid(), actor: 'system' },
        ),
      ),
    ),
  );
const waiting = async (): Promise<number> => {
  const [row] = await plain.query<{ waiting: number }>('select count(*)::int waiting from outbox');
  return row?.waiting ?? 0;
};

test('after a broker that confirmed nothing for a while, what it confirms is deleted again', async () => {
  confirms = false;
  await append(1);
  await until(() => (refused > 0 ? undefined : 'nothing was published'));
  confirms = true;
  await append(300);
  // The one that was not confirmed is claimed and comes later; all others leave at once.
  await until(async () => ((await waiting()) <= 1 ? undefined : `${await waiting()} wait in the outbox`), 5_000);
  await until(async () => ((await waiting()) === 0 ? undefined : 'the unconfirmed one was not published again'), 30_000);
});

test('events that the poll took when the connection was lost leave as soon as there is one again', async () => {
  connected = false;
  await append(2);
  const fresh = refused;
  // The first refusal is of what came from memory, the next of what the poll claimed.
  await until(() => (refused > fresh + 2 ? undefined : 'the poll has not found them'));
  connected = true;
  // A claim lasts 15 s.
  await until(async () => ((await waiting()) === 0 ? undefined : 'they wait in the outbox'), 10_000);
});

test('events whose deletion failed are deleted when the database is back, and not published anew', async () => {
  const before = published;
  deletes = false;
  await append(3);
  await until(() => (failedDeletes > 1 ? undefined : `${failedDeletes} deletions were tried`));
  deletes = true;
  await until(async () => ((await waiting()) === 0 ? undefined : 'they wait in the outbox'), 1_500);
  assert.equal(published - before, 3);
});
