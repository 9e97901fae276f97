import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AppError, silentLog } from '@souk/kernel';
import { messagingMigrations } from '@souk/messaging';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { isDatabaseAway } from '../src/database-away.ts';

const database = await freshDatabase({ folders: [messagingMigrations] });
const db = openDatabase({ url: database.url, application_name: 'test', pool_max: 2, log: silentLog });
after(async () => {
  await db.close();
  await database.drop();
});

/** What the driver says when PostgreSQL refuses with this state. */
async function refusedWith(state: string): Promise<unknown> {
  return db.query(`do $$ begin raise exception 'made by the test' using errcode = '${state}'; end $$`).catch((error: unknown) => error);
}
const away = { query: () => Promise.reject(new AppError('database_unavailable', 'away')) };

test('a failure of one message at a database that answers is counted against the message', async () => {
  for (const state of ['57014', '40P01', '53200', '25P03']) assert.equal(await isDatabaseAway(db, await refusedWith(state)), false, state);
  assert.equal(await isDatabaseAway(db, new AppError('database_unavailable', 'the connection was cut')), false);
  assert.equal(await isDatabaseAway(away, new AppError('payment_mismatch', 'permanent')), false);
  assert.equal(await isDatabaseAway(away, await refusedWith('23505')), false);
});

test('a database that does not answer, or answers and can write nothing, is away', async () => {
  for (const state of ['53100', '53300', '25006']) assert.equal(await isDatabaseAway(db, await refusedWith(state)), true, state);
  assert.equal(await isDatabaseAway(away, await refusedWith('57014')), true);
  assert.equal(await isDatabaseAway(away, new AppError('overloaded', 'too many callers wait')), true);
});
