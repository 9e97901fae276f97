/** The tables of the embedded broker between several consumers: who holds which message, and what becomes of it. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { manualClock, silentLog, systemClock, systemIds } from '@souk/kernel';
import { embeddedBrokerMigrations, openEmbeddedBroker } from '@souk/messaging';
import { until } from '@souk/messaging/testing';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { claim, declareQueues, insertInto, insertRouted, queueIds, settle, tick } from '../src/embedded/store.ts';

const database = await freshDatabase({ folders: [embeddedBrokerMigrations] });
const open = () => openDatabase({ url: database.url, application_name: 'test', pool_max: 3, log: silentLog });
const [db, other] = [open(), open()];
const queue = 'test.store';
await declareQueues(db, [
  { name: queue, routing_keys: ['test.store'] },
  { name: 'test.look', routing_keys: [] },
]);
const queue_id = (await queueIds(db)).get(queue) as number;
after(async () => {
  await Promise.all([db.close(), other.close()]);
  await database.drop();
});
beforeEach(async () => {
  await db.query('delete from message');
  await db.query('delete from delayed');
});

const messageOf = (message_id: string) => ({
  message_id,
  routing_key: 'test.store',
  body: '{}',
  correlation_id: systemIds.uuid(),
  headers: {},
  mandatory: true,
});
const put = (...names: readonly string[]): Promise<void> => insertInto(db, queue, names.map(messageOf));
const namesOf = (messages: readonly { message_id: string | null }[]) => messages.map(({ message_id }) => message_id);
const ready = async () =>
  namesOf(await db.query<{ message_id: string }>('select message_id from message where queue_id = $1 order by id', [queue_id]));

test('what one consumer holds the others leave out, oldest first, and wait for nothing', async () => {
  await put('first', 'second', 'third');
  await db.transaction(async (tx) => {
    assert.deepEqual(namesOf(await claim(tx, queue_id, 0, 2)), ['first', 'second']);
    const found = await other.transaction(async (second) => {
      await second.query(`set local lock_timeout = '500ms'`);
      return claim(second, queue_id, 0, 2);
    });
    assert.deepEqual(namesOf(found), ['third']);
  });
});

test('a batch is settled message by message: done is gone, a retry waits with its time and one more attempt, dead is in the dead queue', async () => {
  await put('done', 'retried', 'dead');
  await db.query(`update message set enqueued_at = '2026-01-01T00:00:00Z'`);
  await db.transaction(async (tx) => {
    const [done, retried, dead] = (await claim(tx, queue_id, 0, 10)).map(({ id }) => id) as [number, number, number];
    await settle(tx, queue_id, { done: [done], retry: [{ id: retried, delay_ms: 60_000 }], dead: [{ id: dead, headers: '{"x":"1"}' }] });
  });
  assert.deepEqual(await ready(), []);
  const columns = 'message_id, attempts, enqueued_at';
  const enqueued_at = '2026-01-01T00:00:00.000Z';
  assert.deepEqual(await db.query(`select ${columns} from delayed`), [{ message_id: 'retried', attempts: 1, enqueued_at }]);
  assert.deepEqual(await db.query(`select ${columns}, headers, q.name from message m join queue q on q.id = m.queue_id`), [
    { message_id: 'dead', attempts: 1, enqueued_at, headers: '{"x":"1"}', name: `${queue}.dead` },
  ]);
  await tick(db, [queue_id]);
  assert.deepEqual(await ready(), [], 'its time has not come');
  await db.query('update delayed set due_at = clock_timestamp()');
  await tick(db, [queue_id]);
  assert.deepEqual(await db.query(`select ${columns} from message where queue_id = $1`, [queue_id]), [
    { message_id: 'retried', attempts: 1, enqueued_at },
  ]);
});

test('what is due comes back once, however many processes look', async () => {
  await db.query(
    `insert into delayed (due_at, queue_id, attempts, enqueued_at, message_id, routing_key, content_type, headers, body)
     values (clock_timestamp(), $1, 1, clock_timestamp(), 'late', 'test.store', 'application/json', '{}', '{}')`,
    [queue_id],
  );
  await db.transaction(async (tx) => {
    await tick(tx, [queue_id]);
    await other.transaction(async (second) => {
      await second.query(`set local lock_timeout = '500ms'`);
      await tick(second, [queue_id]);
    });
  });
  assert.deepEqual(await ready(), ['late']);
});

test('a queue gets no more what it is declared to consume no more, other queues do', async () => {
  const both = ['test.left', 'test.kept'];
  await declareQueues(
    db,
    both.map((name) => ({ name, routing_keys: ['test.event'] })),
  );
  await declareQueues(db, [{ name: 'test.left', routing_keys: [] }]);
  await insertRouted(db, [{ ...messageOf('event'), routing_key: 'test.event' }], null);
  const found = await db.query('select q.name from message m join queue q on q.id = m.queue_id');
  assert.deepEqual(found, [{ name: 'test.kept' }]);
});

/** The broker that runs has looked at all its queues: it brought back what was due, twice, so that the first look is over. */
async function looks(): Promise<void> {
  for (let look = 0; look < 2; look += 1) {
    await db.query(
      `insert into delayed (due_at, queue_id, attempts, enqueued_at, message_id, routing_key, content_type, headers, body)
       select clock_timestamp(), id, 1, clock_timestamp(), 'look', 'test.look', 'application/json', '{}', '{}' from queue where name = 'test.look'`,
    );
    await until(async () => ((await db.query(`select from delayed where message_id = 'look'`)).length === 0 ? undefined : 'not looked at'));
  }
}

test('a queue is drained no further than what is in it, also while that waits for a retry', async () => {
  const settings = { url: database.url, log: silentLog, ids: systemIds, poll_ms: 20 };
  const broker = openEmbeddedBroker({ ...settings, clock: systemClock, settling_ms: 0 });
  const longAgo = Date.UTC(2026, 0, 1);
  try {
    await broker.declare([{ name: queue, routing_keys: ['test.store'] }]);
    await put('held');
    await db.query(`update message set enqueued_at = '2026-01-01T00:00:00Z'`);
    let answer: 'retry' | 'done' = 'retry';
    const consumption = broker.consume({
      queue,
      batch_max: 10,
      handle: async (batch) => batch.map(() => (answer === 'retry' ? { kind: 'retry', delay_ms: 60_000 } : { kind: 'done' })),
    });
    await until(async () =>
      (await db.query('select from delayed where queue_id = $1', [queue_id])).length === 1 ? undefined : 'it is not tried again',
    );
    await looks();
    assert.equal(consumption.processedUntil(), longAgo);
    answer = 'done';
    await db.query('update delayed set due_at = clock_timestamp()');
    await until(() => (consumption.processedUntil() > longAgo ? undefined : 'not drained'));
    await consumption.close();
  } finally {
    await broker.close();
  }
});

test('after an outage a queue counts as drained only when answers have had their time to arrive', async () => {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  const settling_ms = 60_000;
  const broker = openEmbeddedBroker({ url: database.url, log: silentLog, ids: systemIds, poll_ms: 20, clock, settling_ms });
  try {
    await broker.declare([{ name: queue, routing_keys: ['test.store'] }]);
    let breaks = true;
    const consumption = broker.consume({
      queue,
      batch_max: 10,
      async handle(batch) {
        if (breaks) throw new Error('the database is away');
        return batch.map(() => ({ kind: 'done' }) as const);
      },
    });
    await looks();
    assert.equal(consumption.processedUntil(), 0, 'it has just been attached');
    clock.advance(settling_ms);
    await until(() => (consumption.processedUntil() === clock.now() ? undefined : 'not drained'));
    await put('held');
    await until(() => (consumption.attached() ? 'nothing has failed' : undefined));
    assert.equal(consumption.processedUntil(), 0);
    breaks = false;
    await until(async () => ((await ready()).length === 0 && consumption.attached() ? undefined : 'not handled'));
    await looks();
    assert.equal(consumption.processedUntil(), 0, 'answers of others may still be in their outboxes');
    // The first look after the outage starts the time.
    await until(() => {
      clock.advance(settling_ms);
      return consumption.processedUntil() > 0 ? undefined : 'not drained';
    });
    await consumption.close();
  } finally {
    await broker.close();
  }
});
