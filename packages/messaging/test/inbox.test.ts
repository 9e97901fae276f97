import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { manualClock, silentLog } from '@souk/kernel';
import { messagingMigrations } from '@souk/messaging';
import { anEnvelope } from '@souk/messaging/testing';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { maintainInbox, rememberNew } from '../src/inbox.ts';

const database = await freshDatabase({ folders: [messagingMigrations] });
const db = openDatabase({ url: database.url, application_name: 'test', pool_max: 4, log: silentLog });
after(async () => {
  await db.close();
  await database.drop();
});

const dayMs = 86_400_000;
const partitions = async (): Promise<string[]> =>
  (
    await db.query<{ name: string }>(
      `select c.relname name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'inbox'::regclass order by 1`,
    )
  ).map((row) => row.name);
const remember = (event: ReturnType<typeof anEnvelope>): Promise<number> =>
  db.transaction(async (tx) => (await rememberNew(tx, 'test.queue', [event])).size);

test('a repeat is found whatever day it comes on, also when its partition was made in between', async () => {
  const clock = manualClock(Date.UTC(2026, 4, 1, 23, 59));
  const event = anEnvelope('order.completed', {}, { timestamp: '2026-05-04T00:00:01.000Z' });
  await maintainInbox(db, clock);
  assert.equal(await remember(event), 1);
  clock.advance(2 * dayMs);
  await maintainInbox(db, clock);
  assert.equal(await remember(event), 0);
  assert.ok((await partitions()).includes('inbox_20260504'));
});

test('days older than a week are dropped, and maintaining twice changes nothing', async () => {
  const clock = manualClock(Date.UTC(2026, 5, 1));
  await maintainInbox(db, clock);
  assert.ok((await partitions()).includes('inbox_20260602'));
  clock.advance(12 * dayMs);
  await Promise.all([maintainInbox(db, clock), maintainInbox(db, clock)]);
  assert.deepEqual(await partitions(), ['inbox_20260612', 'inbox_20260613', 'inbox_20260614', 'inbox_20260615', 'inbox_other_days']);
});

test('of many consumers that handle one event at the same time one finds it new', async () => {
  const event = anEnvelope('order.completed', {});
  const found = await Promise.all(Array.from({ length: 8 }, () => remember(event)));
  assert.equal(
    found.reduce((sum, size) => sum + size, 0),
    1,
  );
});
