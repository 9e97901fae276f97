/** The disk fills up while a backup is written, and while one is restored. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { restoreBackup, takeBackup } from '@souk/backup';
import { systemIds } from '@souk/kernel';
import { contents, open, smallShop, targetsOf, tempFolder } from './_shop.ts';

const run = promisify(execFile);
const quiet = { signal: new AbortController().signal, progress: () => undefined };
const takeBackupCommand = fileURLToPath(new URL('_take-backup.ts', import.meta.url));
/** The mount ends with the command. What the backup leaves is listed after it. */
const onSmallDisk = 'mount -t tmpfs -o size=48k none "$1" && shift && "$@"; ls -A "$(dirname "$3")"';

if (process.getuid?.() !== 0) {
  process.stdout.write('A backup onto a full disk is tried by root, who may mount a small one.\n');
} else {
  test('a backup for which there is no space is refused, and nothing of it is kept', async (t) => {
    const shop = await smallShop(t);
    await shop.orders.query(
      `insert into side.things (id, note) select gen_random_uuid(), md5(random()::text) || md5(random()::text) from generate_series(1, 3000)`,
    );
    const disk = await tempFolder(t);
    const urls = shop.databases.map(({ name, url }) => `${name}=${url}`);
    const command = [disk, process.execPath, takeBackupCommand, join(disk, 'backup'), ...urls];
    const { stdout } = await run('unshare', ['--mount', 'sh', '-c', onSmallDisk, 'sh', ...command]);
    assert.equal(stdout, `backup_no_space: There is no space left for a backup in ${disk}; nothing of it was kept.\n`);
  });
}

test('a restore for which a database has no space keeps nothing of that database, and goes on when there is space', async (t) => {
  const shop = await smallShop(t);
  const folder = join(await tempFolder(t), 'backup');
  await takeBackup({ ...quiet, folder, databases: shop.databases, secrets: {}, souk_version: '0.1.0', ids: systemIds });
  const targets = await targetsOf(t, shop);
  const [stock, orders] = targets;
  assert.ok(stock && orders);
  // What PostgreSQL answers when it cannot extend a file, after it has taken some rows.
  const filling = {
    ...orders,
    async migrate(only: Parameters<typeof orders.migrate>[0]) {
      await orders.migrate(only);
      const inside = open(t, orders.url);
      await inside.query(`create function full_disk() returns trigger language plpgsql as $$ begin
        raise 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`);
      await inside.query('create trigger full_disk before insert on aisles for each row execute function full_disk()');
      await inside.query('alter table aisles enable always trigger full_disk');
      await inside.close();
    },
  };
  await assert.rejects(restoreBackup({ ...quiet, folder, targets: [stock, filling] }), {
    code: 'backup_no_space',
    message: /no space left for the database orders; nothing of it was kept/,
  });
  const left = open(t, orders.url);
  assert.deepEqual(
    await left.query('select (select count(*)::int from side.things) as things, (select count(*)::int from ledger) as ledger'),
    [{ things: 0, ledger: 0 }],
  );
  await left.query('drop function full_disk() cascade');
  await left.close();
  await restoreBackup({ ...quiet, folder, targets });
  assert.deepEqual(await open(t, orders.url).query(contents), await shop.orders.query(contents));
});
