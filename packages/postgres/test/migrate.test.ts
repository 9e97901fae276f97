import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { keptLog, openFolder, until } from '@souk/local-servers/testing';
import { migrate } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { openTestDatabase } from './_support.ts';

async function migrations(t: TestContext, owner: string, files: Record<string, string>): Promise<URL> {
  const folder = join(await openFolder(t), owner, 'migrations');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return pathToFileURL(`${folder}/`);
}

async function emptyDatabase(t: TestContext): Promise<string> {
  const fresh = await freshDatabase();
  t.after(() => fresh.drop());
  return fresh.url;
}

test('files are applied once, folder by folder, by number', async (t) => {
  const url = await emptyDatabase(t);
  const log = keptLog();
  const shelves = await migrations(t, 'shelves', {
    '0001_shelves.sql': 'create table shelves (id int);',
    '0002_room.sql': 'alter table shelves add room text; create index on shelves (room);',
  });
  const stock = await migrations(t, 'stock', { '0001_stock.sql': 'create table stock (shelf_room text);' });
  assert.deepEqual(await migrate({ url, folders: [shelves], log }), [
    'shelves/migrations/0001_shelves.sql',
    'shelves/migrations/0002_room.sql',
  ]);
  assert.deepEqual(await migrate({ url, folders: [shelves, stock], log }), ['stock/migrations/0001_stock.sql']);
  assert.deepEqual(await migrate({ url, folders: [shelves, stock], log }), []);
});

test('several migrators at once apply each file once', async (t) => {
  const url = await emptyDatabase(t);
  const folder = await migrations(t, 'stock', {
    '0001_stock.sql': 'create table stock (id int);',
    '0002_rows.sql': 'insert into stock values (1);',
  });
  const applied = await Promise.all(Array.from({ length: 4 }, () => migrate({ url, folders: [folder], log: keptLog() })));
  assert.deepEqual(applied.flat().sort(), ['stock/migrations/0001_stock.sql', 'stock/migrations/0002_rows.sql']);
  const db = openTestDatabase(t, url);
  assert.deepEqual(await db.query('select id from stock'), [{ id: 1 }]);
});

test('a file that was changed after it had been applied is refused by name', async (t) => {
  const url = await emptyDatabase(t);
  const folder = await migrations(t, 'stock', { '0001_stock.sql': 'create table stock (id int);' });
  await migrate({ url, folders: [folder], log: keptLog() });
  await writeFile(new URL('0001_stock.sql', folder), 'create table stock (id bigint);');
  await assert.rejects(migrate({ url, folders: [folder], log: keptLog() }), {
    code: 'migration_changed',
    message: /stock\/migrations\/0001_stock\.sql/,
  });
});

test('a file below one that was applied is refused by name', async (t) => {
  const url = await emptyDatabase(t);
  const folder = await migrations(t, 'stock', { '0002_stock.sql': 'create table stock (id int);' });
  await migrate({ url, folders: [folder], log: keptLog() });
  await writeFile(new URL('0001_late.sql', folder), 'select 1;');
  await assert.rejects(migrate({ url, folders: [folder], log: keptLog() }), { code: 'migration_out_of_order', message: /0001_late\.sql/ });
});

test('a file that fails names its line, leaves nothing, and can be corrected', async (t) => {
  const url = await emptyDatabase(t);
  const folder = await migrations(t, 'stock', { '0001_stock.sql': 'create table stock (id int);\ncreate table other (id nonsense);\n' });
  await assert.rejects(migrate({ url, folders: [folder], log: keptLog() }), {
    code: 'migration_failed',
    message: /0001_stock\.sql line 2: .*nonsense/,
  });
  await writeFile(new URL('0001_stock.sql', folder), 'create table stock (id int);');
  assert.equal((await migrate({ url, folders: [folder], log: keptLog() })).length, 1);
});

test('a file that ends its own transaction, or has no number, is refused', async (t) => {
  const url = await emptyDatabase(t);
  const ending = await migrations(t, 'stock', { '0001_stock.sql': 'create table stock (id int); commit;' });
  await assert.rejects(migrate({ url, folders: [ending], log: keptLog() }), {
    code: 'migration_failed',
    message: /ends its own transaction/,
  });
  const misnamed = await migrations(t, 'shelves', { 'shelves.sql': 'select 1;' });
  await assert.rejects(migrate({ url, folders: [misnamed], log: keptLog() }), { code: 'migration_misnamed', message: /shelves\.sql/ });
});

test('a change of a table that is in use waits a moment at a time, and lets those behind it pass', async (t) => {
  const url = await emptyDatabase(t);
  const folder = await migrations(t, 'stock', { '0001_stock.sql': 'create table stock (id int);' });
  await migrate({ url, folders: [folder], log: keptLog() });
  await writeFile(new URL('0002_room.sql', folder), 'alter table stock add room text;');
  const [user, reader] = [openTestDatabase(t, url), openTestDatabase(t, url)];
  const log = keptLog();
  let migrating: Promise<string[]> | undefined;
  let read_ms = 0;
  await user.transaction(async (tx) => {
    await tx.query('select * from stock');
    migrating = migrate({ url, folders: [folder], log });
    await until(
      'the migration waits',
      async () =>
        (await reader.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0,
    );
    const started = performance.now();
    await reader.query('select * from stock');
    read_ms = performance.now() - started;
    await until('it tries again', () => log.said.some((line) => line.includes('waits for a lock')));
  });
  assert.deepEqual(await migrating, ['stock/migrations/0002_room.sql']);
  assert.ok(read_ms < 5_000, `a reader behind the migration waited ${read_ms} ms, no longer than its wait for the lock`);
});

test('an index is built without locking others out, and one left invalid by an interruption is built again', async (t) => {
  const url = await emptyDatabase(t);
  const folder = await migrations(t, 'stock', {
    '0001_stock.sql': 'create table stock (id int); insert into stock values (1), (1);',
    '0002_ids.concurrently.sql': '-- Each product once.\ncreate unique index concurrently stock_ids on stock (id);\n',
  });
  await assert.rejects(migrate({ url, folders: [folder], log: keptLog() }), {
    code: 'migration_failed',
    message: /duplicated|unique index/,
  });
  const db = openTestDatabase(t, url);
  const valid = `select indisvalid as valid from pg_index where indexrelid = to_regclass('stock_ids')`;
  assert.deepEqual(await db.query(valid), [{ valid: false }]);
  await db.query('delete from stock where ctid = (select min(ctid) from stock)');
  assert.deepEqual(await migrate({ url, folders: [folder], log: keptLog() }), ['stock/migrations/0002_ids.concurrently.sql']);
  assert.deepEqual(await db.query(valid), [{ valid: true }]);
  await db.query('delete from schema_migrations where name like $1', ['0002%']);
  assert.equal((await migrate({ url, folders: [folder], log: keptLog() })).length, 1, 'one that was built and not noted is noted');
  const two = await migrations(t, 'shelves', {
    '0001_two.concurrently.sql': 'create index concurrently a on stock (id); drop table stock;',
  });
  await assert.rejects(migrate({ url, folders: [two], log: keptLog() }), { code: 'migration_failed', message: /must hold one statement/ });
});

test('migrators that wait for another one do not stop it, not even where an index is built', async (t) => {
  const url = await emptyDatabase(t);
  const folder = await migrations(t, 'stock', { '0001_stock.sql': 'create table stock (id int);' });
  await migrate({ url, folders: [folder], log: keptLog() });
  await writeFile(new URL('0002_room.sql', folder), 'alter table stock add room text;');
  await writeFile(new URL('0003_ids.concurrently.sql', folder), 'create index concurrently stock_ids on stock (id);');
  const logs = Array.from({ length: 3 }, () => keptLog());
  const saysOnce = (words: string) => logs.map(({ said }) => said.filter((line) => line.includes(words)).length);
  const user = openTestDatabase(t, url);
  let migrating: Promise<string[][]> | undefined;
  await user.transaction(async (tx) => {
    // The one that migrates waits for this table, so that the others wait for it.
    await tx.query('select * from stock');
    migrating = Promise.all(logs.map((log) => migrate({ url, folders: [folder], log })));
    await until('two wait', () => saysOnce('another process is migrating').filter((count) => count === 1).length === 2);
    await until('one tries again', () => saysOnce('waits for a lock').some((count) => count === 1));
  });
  assert.deepEqual((await migrating)?.flat().sort(), ['stock/migrations/0002_room.sql', 'stock/migrations/0003_ids.concurrently.sql']);
  assert.deepEqual(saysOnce('another process is migrating').sort(), [0, 1, 1], 'each says once that it waits');
});

test('a migrator that waits too long says that another one is at work', async (t) => {
  const url = await emptyDatabase(t);
  const folder = await migrations(t, 'stock', { '0001_stock.sql': 'create table stock (id int);' });
  const holder = openTestDatabase(t, url);
  await holder.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1, $2)', [0x736f756b, 0x6d696772]);
    await assert.rejects(migrate({ url, folders: [folder], lock_wait_ms: 100, log: keptLog() }), {
      code: 'migration_locked',
      message: /Another process has been migrating/,
    });
  });
  assert.equal((await migrate({ url, folders: [folder], log: keptLog() })).length, 1, 'once it is done the next one goes on');
});
