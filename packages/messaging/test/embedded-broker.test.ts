import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { silentLog, systemClock, systemIds } from '@souk/kernel';
import { embeddedBrokerMigrations, openEmbeddedBroker } from '@souk/messaging';
import { brokerConformance, until } from '@souk/messaging/testing';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';

const open = (url: string) => openEmbeddedBroker({ url, log: silentLog, clock: systemClock, ids: systemIds, poll_ms: 20, settling_ms: 0 });

brokerConformance('the embedded broker', async () => {
  const database = await freshDatabase({ folders: [embeddedBrokerMigrations] });
  return { open: async () => open(database.url), close: () => database.drop() };
});

const database = await freshDatabase({ folders: [embeddedBrokerMigrations] });
const broker = open(database.url);
const direct = openDatabase({ url: database.url, application_name: 'test', pool_max: 2, log: silentLog });
after(async () => {
  await broker.close();
  await direct.close();
  await database.drop();
});

const message = (routing_key: string) => ({
  message_id: systemIds.uuid(),
  routing_key,
  body: '{}',
  correlation_id: systemIds.uuid(),
  headers: {},
  mandatory: true,
});

test('a queue that was called otherwise keeps what waits in it under its new name', async () => {
  const [former, name] = ['payments.take-payment', 'payments.create-payment'];
  await broker.declare([{ name: former, routing_keys: [] }]);
  const waiting = message('payment.requested');
  await broker.publishTo(former, [waiting]);
  await direct.query(await readFile(new URL('0002_renamed_queues.sql', embeddedBrokerMigrations), 'utf8'));
  const renamed = open(database.url);
  await renamed.declare([{ name, routing_keys: [] }]);
  const seen: unknown[] = [];
  const consumption = renamed.consume({
    queue: name,
    batch_max: 10,
    handle: async (batch) => {
      seen.push(...batch.map(({ message_id }) => message_id));
      return batch.map(() => ({ kind: 'done' }) as const);
    },
  });
  await until(() => (seen.length > 0 ? undefined : 'nothing came'));
  assert.deepEqual(seen, [waiting.message_id]);
  await consumption.close();
  await renamed.close();
});

test('a consumer whose database connection is cut gets its messages again and handles all of them', async () => {
  await broker.declare([{ name: 'test.cut', routing_keys: ['test.cut'] }]);
  const seen: string[] = [];
  let cut = false;
  const consumption = broker.consume({
    queue: 'test.cut',
    batch_max: 10,
    async handle(batch) {
      if (!cut) {
        cut = true;
        await direct.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name = 'souk-broker' and state <> 'active'`,
        );
      }
      seen.push(...batch.map((delivery) => delivery.message_id as string));
      return batch.map(() => ({ kind: 'done' }) as const);
    },
  });
  const messages = Array.from({ length: 25 }, () => message('test.cut'));
  for (const one of messages) await until(async () => ((await broker.publish([one]).catch(() => undefined)) ? undefined : 'not published'));
  await until(async () => {
    const [row] = await direct.query<{ left: number }>('select count(*)::int "left" from message');
    return row?.left === 0 ? undefined : `${row?.left} left`;
  });
  assert.deepEqual(new Set(seen), new Set(messages.map((one) => one.message_id)));
  await consumption.close();
});

test('a subscriber is called when its connection was lost and is there again: broadcasts of others may be missing', async () => {
  let gaps = 0;
  const unsubscribe = await broker.subscribe(
    ['test.*'],
    () => undefined,
    () => {
      gaps += 1;
    },
  );
  assert.equal(gaps, 0, 'none at the beginning');
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen %'`;
  await until(async () => ((await direct.query(cut)).length > 0 ? undefined : 'nobody listens'));
  await until(() => (gaps > 0 ? undefined : 'no gap is reported'));
  await unsubscribe();
});

test('a queue counts as drained up to its oldest message, and up to now when it is empty', async () => {
  await broker.declare([{ name: 'test.drained', routing_keys: ['test.drained'] }]);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const published_at = Date.now();
  await broker.publish([message('test.drained')]);
  const consumption = broker.consume({
    queue: 'test.drained',
    batch_max: 10,
    async handle(batch) {
      await held;
      return batch.map(() => ({ kind: 'done' }) as const);
    },
  });
  await until(() => (consumption.processedUntil() > 0 ? undefined : 'never looked at'));
  const while_held = consumption.processedUntil();
  assert.ok(while_held >= published_at - 1_000 && while_held <= Date.now(), 'not beyond the message that is being handled');
  release();
  await until(() => (consumption.processedUntil() > while_held + 50 ? undefined : 'not drained'));
  await consumption.close();
});

test('a message that appears below those that were there already is found as well', async () => {
  const name = 'test.late';
  await broker.declare([
    { name, routing_keys: [name] },
    { name: 'test.empty', routing_keys: ['test.empty'] },
  ]);
  const release = Promise.withResolvers<void>();
  const seen: (string | null)[] = [];
  const consumption = broker.consume({
    queue: name,
    batch_max: 1,
    async handle(batch) {
      seen.push(...batch.map(({ message_id }) => message_id));
      await release.promise;
      return batch.map(() => ({ kind: 'done' }) as const);
    },
  });
  const idle = broker.consume({ queue: 'test.empty', batch_max: 1, handle: async () => [] });
  const first = await direct.query<{ id: number }>(`select nextval(pg_get_serial_sequence('message', 'id'))::int id`);
  const held = message(name);
  await broker.publish([held, message(name)]);
  // Each look at all queues takes an empty one forward; after two of them this queue is read from what is there.
  for (let looks = 0; looks < 3; looks += 1) {
    const before = idle.processedUntil();
    await until(() => (idle.processedUntil() > before ? undefined : 'not looked at'));
  }
  await direct.query(
    `insert into message (id, queue_id, message_id, routing_key, headers, body) overriding system value
     select $1, id, 'late', $2, '{}', '{}' from queue where name = $2`,
    [first[0]?.id, name],
  );
  release.resolve();
  await until(() => (seen.length === 3 ? undefined : `${seen.length} of 3`));
  assert.deepEqual([seen[0], seen.includes('late')], [held.message_id, true]);
  await Promise.all([consumption.close(), idle.close()]);
});
