import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { migrate } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { keptLog, openFolder, openTestDatabase } from './_support.ts';

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
