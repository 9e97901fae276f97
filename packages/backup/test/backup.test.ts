import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readSecrets, restoreBackup, takeBackup, verifyBackup } from '@souk/backup';
import { silentLog, systemIds } from '@souk/kernel';
import { migrate } from '@souk/postgres';
import { contents, emptyDatabase, open, type SmallShop, smallShop, targetsOf, tempFolder } from './_shop.ts';

const strangersTables = `select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'`;
const quiet = { signal: new AbortController().signal, progress: () => undefined };

async function backUp(
  t: TestContext,
  shop: SmallShop,
  options: { between?: () => Promise<void>; signal?: AbortSignal } = {},
): Promise<string> {
  const folder = join(await tempFolder(t), 'backup');
  const { databases } = shop;
  await takeBackup({
    ...quiet,
    folder,
    databases,
    secrets: { internal_token: 'kept\n' },
    souk_version: '0.1.0',
    ids: systemIds,
    ...options,
  });
  return folder;
}

test('what is backed up is restored to the letter, sequences and identities included', async (t) => {
  const shop = await smallShop(t);
  const folder = await backUp(t, shop);
  const targets = await targetsOf(t, shop);
  const manifest = await restoreBackup({ ...quiet, folder, targets });
  const restored = open(t, targets[1]?.url ?? '');
  assert.deepEqual(await restored.query(contents), await shop.orders.query(contents));
  const next = `select nextval('numbers') as number`;
  assert.deepEqual(await restored.query(next), await shop.orders.query(next));
  const shelf = `insert into shelves (label) values ('new') returning id`;
  assert.deepEqual(await restored.query(shelf), await shop.orders.query(shelf));
  assert.equal(await readFile(join(folder, 'secrets', 'internal_token'), 'utf8'), 'kept\n');
  assert.deepEqual(
    manifest.databases.map(({ name }) => name),
    ['stock', 'orders'],
  );
  const [note] = await restored.query<{ early: boolean }>(
    "select republish_since < now() - interval '14 minutes' and finished_at is not null as early from restorations",
  );
  assert.equal(note?.early, true, 'events from before the snapshot are published once more');
});

test('what is written after the snapshot is not in the backup, nor half of it', async (t) => {
  const shop = await smallShop(t);
  const writing = shop.orders;
  let rounds = 0;
  const stop = new AbortController();
  const load = (async () => {
    for (; !stop.signal.aborted; rounds += 1)
      await writing.transaction(async (tx) => {
        const [row] = await tx.query<{ id: string }>(`insert into shelves (label) values ('pair') returning id`);
        await tx.query('insert into aisles values ($1, $2)', [`aisle ${row?.id}`, row?.id]);
      });
  })();
  while (rounds < 3) await new Promise((resolve) => setImmediate(resolve));
  const folder = await backUp(t, shop);
  stop.abort();
  await load;
  const targets = await targetsOf(t, shop);
  await restoreBackup({ ...quiet, folder, targets });
  const restored = open(t, targets[1]?.url ?? '');
  const [counts] = await restored.query<{ pairs: number; aisles: number }>(
    `select (select count(*)::int from shelves where label = 'pair') as pairs, (select count(*)::int from aisles where name <> 'north') as aisles`,
  );
  assert.equal(counts?.pairs, counts?.aisles);
  assert.ok((counts?.pairs ?? 0) >= 3);
});

test('a backup that is truncated, altered, incomplete or of a newer format is refused and nothing is written', async (t) => {
  const shop = await smallShop(t);
  const targets = await targetsOf(t, shop);
  const file = 'orders/side.things.copy.gz';
  const damages: [string, (folder: string) => Promise<void>, RegExp | { code: string }][] = [
    [
      'truncated',
      async (folder) => truncate(join(folder, file), (await stat(join(folder, file))).size - 20),
      /has \d+ bytes, \d+ were written/,
    ],
    ['longer', (folder) => appendFile(join(folder, file), 'x'), /has \d+ bytes/],
    ['missing', (folder) => rm(join(folder, file)), /side\.things\.copy\.gz is missing/],
    ['altered', (folder) => flipByte(join(folder, file)), /was changed: its SHA-256/],
    ['altered secret', (folder) => writeFile(join(folder, 'secrets', 'internal_token'), 'KEPT\n'), /internal_token was changed/],
    ['altered manifest', async (folder) => flipByte(join(folder, 'manifest.json')), /is not what was written/],
    ['no digest', (folder) => rm(join(folder, 'manifest.sha256')), { code: 'backup_missing' }],
    ['nothing', (folder) => rm(folder, { recursive: true }), { code: 'backup_missing' }],
  ];
  for (const [name, damage, refusal] of damages) {
    const folder = await backUp(t, shop);
    await damage(folder);
    await assert.rejects(restoreBackup({ ...quiet, folder, targets }), refusal, name);
  }
  for (const { url } of targets) assert.deepEqual(await open(t, url).query(strangersTables), []);
});

test('a backup of a newer Souk is refused: by its format, its databases and its migrations', async (t) => {
  const shop = await smallShop(t);
  const [, orders] = await targetsOf(t, shop);
  const folder = await backUp(t, shop);
  assert.ok(orders);
  await assert.rejects(restoreBackup({ ...quiet, folder, targets: [orders] }), { code: 'backup_incompatible' });
  const older = await Promise.all(
    shop.databases.map(async ({ name }) => {
      const url = await emptyDatabase(t);
      return {
        name,
        url,
        migrate: async (only: { folder: string; name: string; checksum: string }[]) =>
          void (await migrate({ url, folders: [], only, log: silentLog })),
      };
    }),
  );
  await assert.rejects(restoreBackup({ ...quiet, folder, targets: older }), { code: 'migration_unknown' });
});

test('a database that is in use or holds anything is left alone', async (t) => {
  const shop = await smallShop(t);
  const folder = await backUp(t, shop);
  const targets = await targetsOf(t, shop);
  const busy = open(t, targets[1]?.url ?? '');
  await busy.query('select 1');
  await assert.rejects(restoreBackup({ ...quiet, folder, targets }), /orders is in use by souk test; stop the shop first/);
  await busy.query('create table strangers (id int)');
  await busy.close();
  await assert.rejects(restoreBackup({ ...quiet, folder, targets }), /orders is not empty \(public\.strangers/);
  assert.deepEqual(await open(t, targets[0]?.url ?? '').query(strangersTables), []);
});

test('a restore that ends in the middle leaves whole databases and empty ones, and goes on when it is called again', async (t) => {
  const shop = await smallShop(t);
  const folder = await backUp(t, shop);
  const targets = await targetsOf(t, shop);
  const stop = new AbortController();
  const progress = (sentence: string): void => {
    if (sentence.startsWith('orders: side.things')) stop.abort(new Error('killed'));
  };
  await assert.rejects(restoreBackup({ folder, targets, signal: stop.signal, progress }), /killed|aborted/);
  const [stock, orders] = targets.map(({ url }) => open(t, url));
  const finished =
    'select count(*) filter (where finished_at is not null)::int as finished, (select count(*)::int from shelves) as shelves from restorations';
  assert.deepEqual(await stock?.query(finished), [{ finished: 1, shelves: 1 }]);
  assert.deepEqual(await orders?.query('select count(*)::int as things from side.things'), [{ things: 0 }]);
  await Promise.all([stock?.close(), orders?.close()]);
  const other = await backUp(t, shop);
  await assert.rejects(restoreBackup({ ...quiet, folder: other, targets }), { code: 'restore_target_used' });
  await restoreBackup({ ...quiet, folder, targets });
  const restored = open(t, targets[1]?.url ?? '');
  assert.deepEqual(await restored.query(contents), await shop.orders.query(contents));
  await restored.close();
  await assert.rejects(restoreBackup({ ...quiet, folder, targets }), /hold this backup already/);
});

test('a backup that is interrupted leaves nothing, and an existing folder is never overwritten', async (t) => {
  const shop = await smallShop(t);
  const folder = join(await tempFolder(t), 'backup');
  const stop = new AbortController();
  const options = { folder, databases: shop.databases, secrets: {}, souk_version: '0.1.0', ids: systemIds };
  const progress = (sentence: string): void => {
    if (sentence.startsWith('orders:')) stop.abort(new Error('interrupted'));
  };
  await assert.rejects(takeBackup({ ...options, signal: stop.signal, progress }));
  assert.deepEqual(await readdir(join(folder, '..')), []);
  await mkdir(folder);
  await assert.rejects(takeBackup({ ...options, ...quiet }), { code: 'backup_exists' });
  await assert.rejects(
    takeBackup({ ...options, ...quiet, folder: `${folder}-2`, databases: [{ name: 'orders', url: await strangeDatabase(t) }] }),
    {
      code: 'database_foreign',
    },
  );
});

test('of the secrets of a home those that belong to its data are kept, readable by their owner only', async (t) => {
  const home = await tempFolder(t);
  await mkdir(join(home, 'secrets'));
  for (const name of ['internal_token', 'accounts.json', 'postgres-orders', 'redis', 'internal_token.new'])
    await writeFile(join(home, 'secrets', name), name);
  const secrets = await readSecrets(home);
  assert.deepEqual(Object.keys(secrets).sort(), ['accounts.json', 'internal_token']);
  const shop = await smallShop(t);
  const folder = join(home, 'backup');
  await takeBackup({ ...quiet, folder, databases: shop.databases, secrets, souk_version: '0.1.0', ids: systemIds });
  const modes = await Promise.all(
    ['.', 'secrets/internal_token', 'manifest.json', 'orders/public.ledger.copy.gz'].map((path) => stat(join(folder, path))),
  );
  assert.deepEqual(
    modes.map(({ mode }) => mode & 0o077),
    [0, 0, 0, 0],
  );
  await verifyBackup(folder, quiet.signal, quiet.progress);
});

/** Somebody else's: it has tables, and no migrations of Souk. */
async function strangeDatabase(t: TestContext): Promise<string> {
  const url = await emptyDatabase(t);
  const db = open(t, url);
  await db.query('drop table schema_migrations');
  return url;
}

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 0x01;
  await writeFile(path, bytes);
}
