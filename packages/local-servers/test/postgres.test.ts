import assert from 'node:assert/strict';
import { chmod, chown, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { required } from '@souk/kernel';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { endLaunched, keptLog, type Launched, makeOpenFolder, openFolder, runElsewhere, until } from '@souk/local-servers/testing';
import { type Database, openDatabase } from '@souk/postgres';
import { binariesFolder } from './_binaries.ts';

const launchElsewhere = (home: string, account?: { uid: number; gid: number }): Promise<Launched> =>
  runElsewhere(new URL('./_launcher.ts', import.meta.url), [home], account);

let sharedHome: string;
before(async () => {
  sharedHome = await makeOpenFolder();
});
after(() => rm(sharedHome, { recursive: true, force: true, maxRetries: 3 }));

async function start(t: TestContext, home: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ home, binaries_folder: binariesFolder(), log: keptLog(), ...options });
  t.after(() => server.stop());
  return server;
}

async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase({ url, application_name: 'souk test', pool_max: 2, log: keptLog() });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

const answers = (url: string): Promise<boolean> =>
  withDatabase(url, (db) =>
    db.ping().then(
      () => true,
      () => false,
    ),
  );

/** For the time of a test; a run of all tests shares one, so that a start takes no initdb. */
function shareCluster(t: TestContext, folder: string | undefined): void {
  const before_it = process.env.SOUK_POSTGRES_SHARED;
  const set = (value: string | undefined): void => {
    if (value === undefined) delete process.env.SOUK_POSTGRES_SHARED;
    else process.env.SOUK_POSTGRES_SHARED = value;
  };
  set(folder);
  t.after(() => set(before_it));
}

test('the first start makes a durable server with private secrets; a restart keeps the data', async (t) => {
  shareCluster(t, undefined);
  const home = await openFolder(t);
  const log = keptLog();
  const first = await start(t, home, { log });
  assert.deepEqual(log.said, ['preparing PostgreSQL (first start)']);
  const url = await first.ensureDatabase('products', { extensions: ['pg_trgm', 'unaccent'] });
  assert.equal(url, first.url('products', 'products'));
  assert.equal((await stat(join(home, 'secrets', 'postgres-products'))).mode & 0o777, 0o600);
  await withDatabase(url, async (db) => {
    const [settings] = await db.query(`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits,
      current_setting('data_checksums') as checksums, current_setting('server_encoding') as encoding,
      (select rolsuper from pg_roles where rolname = current_user) as superuser, upper('é') as upper,
      array_length(show_trgm('жук'), 1) as trigrams, unaccent('é') as plain`);
    assert.deepEqual(settings, {
      fsync: 'on',
      commits: 'on',
      checksums: 'on',
      encoding: 'UTF8',
      superuser: false,
      upper: 'É',
      trigrams: 4,
      plain: 'e',
    });
    await db.query('create table kept as select 7 as id');
  });
  await first.stop();
  assert.equal(await answers(url), false);

  const again = await start(t, home);
  const urlAgain = await again.ensureDatabase('products', { extensions: ['pg_trgm', 'unaccent'] });
  await withDatabase(urlAgain, async (db) => assert.deepEqual(await db.query('select id from kept'), [{ id: 7 }]));
});

test('a role enters its own database only, and only with its password', async (t) => {
  const server = await start(t, sharedHome);
  const orders = new URL(await server.ensureDatabase('orders'));
  await server.ensureDatabase('users');
  assert.equal(await answers(orders.href), true);
  const foreign = new URL(orders);
  foreign.pathname = '/users';
  await withDatabase(foreign.href, (db) => assert.rejects(db.ping(), /permission denied for database/));
  orders.password = 'wrong';
  await withDatabase(orders.href, (db) => assert.rejects(db.ping(), /password authentication failed/));
});

test('homes that share an empty cluster are as separate as others, also when they start at once', async (t) => {
  const folder = await openFolder(t);
  shareCluster(t, folder);
  const homes = [await openFolder(t), await openFolder(t)];
  const [one, other] = (await Promise.all(homes.map((home) => start(t, home)))) as [EmbeddedPostgres, EmbeddedPostgres];
  const shared = (await readdir(folder)).filter((name) => name.includes('cluster'));
  assert.equal(shared.length, 1, `${shared.join(', ')}: one is kept, and nothing of what made it`);
  assert.equal(await answers(one.superuser_url), true);
  const theirs = new URL(other.superuser_url);
  theirs.password = new URL(one.superuser_url).password;
  await withDatabase(theirs.href, (db) => assert.rejects(db.ping(), /password authentication failed/));
  await withDatabase(await one.ensureDatabase('orders'), (db) => db.query('create table kept as select 1 as id'));
  await withDatabase(await other.ensureDatabase('orders'), (db) => assert.rejects(db.query('select id from kept'), /does not exist/));
});

function dataOf(home: string): Promise<string> {
  return readFile(join(home, 'postgres', 'location'), 'utf8').then(
    (place) => join(place.trim(), 'data'),
    () => join(home, 'postgres', 'data'),
  );
}

test('a lost superuser password is replaced', async (t) => {
  const first = await start(t, sharedHome);
  await first.stop();
  await rm(join(sharedHome, 'secrets'), { recursive: true });
  // A start that dies before the password is set keeps none.
  const control = join(await dataOf(sharedHome), 'global', 'pg_control');
  await rename(control, `${control}.away`);
  await assert.rejects(start(t, sharedHome), { code: 'embedded_postgres_failed' });
  await rename(`${control}.away`, control);
  const again = await start(t, sharedHome);
  assert.notEqual(again.superuser_url, first.superuser_url);
  assert.equal(await answers(again.superuser_url), true);
});

test('a server that dies by itself is started again on the same port with all that was committed', async (t) => {
  const log = keptLog();
  const server = await start(t, sharedHome, { log });
  await withDatabase(server.superuser_url, (db) => db.query('create table if not exists kept as select 7 as id'));
  const killed = required(server.pid, 'the pid');
  process.kill(killed, 'SIGKILL');
  await until(
    'another server answers',
    async () => server.pid !== undefined && server.pid !== killed && (await answers(server.superuser_url)),
  );
  await withDatabase(server.superuser_url, async (db) => assert.deepEqual(await db.query('select id from kept'), [{ id: 7 }]));
  assert.ok(log.said.some((line) => line.startsWith('PostgreSQL ended (SIGKILL); starting it again in')));
});

test('what a killed launcher left running is stopped, and its data kept', async (t) => {
  const { child, answer } = await launchElsewhere(sharedHome);
  const left = required(answer.superuser_url, 'the URL');
  await withDatabase(left, (db) => db.query('create table if not exists kept as select 7 as id'));
  await endLaunched(child, 'SIGKILL');
  assert.equal(await answers(left), true, 'it outlives its launcher');

  const log = keptLog();
  const server = await start(t, sharedHome, { log });
  assert.ok(log.said.includes('stopping a PostgreSQL that an earlier start left running'));
  assert.notEqual(server.pid, answer.pid);
  await withDatabase(server.superuser_url, async (db) => assert.deepEqual(await db.query('select id from kept'), [{ id: 7 }]));
});

test('everything killed at once is recovered', async (t) => {
  const { child, answer } = await launchElsewhere(sharedHome);
  await withDatabase(required(answer.superuser_url, 'the URL'), (db) => db.query('create table if not exists kept as select 7 as id'));
  process.kill(required(answer.pid, 'the pid'), 'SIGKILL');
  await endLaunched(child, 'SIGKILL');
  const server = await start(t, sharedHome);
  await withDatabase(server.superuser_url, async (db) => assert.deepEqual(await db.query('select id from kept'), [{ id: 7 }]));
});

test('a home is run once at a time, and the second start names the first', async (t) => {
  const { child, answer } = await launchElsewhere(sharedHome);
  await assert.rejects(start(t, sharedHome), { code: 'already_running', message: new RegExp(`process ${child.pid}`) });
  assert.equal(await answers(required(answer.superuser_url, 'the URL')), true, 'the first is not disturbed');
  await endLaunched(child, 'close input');
  const [one, other] = await Promise.allSettled([start(t, sharedHome), start(t, sharedHome)]);
  assert.deepEqual([one.status, other.status].sort(), ['fulfilled', 'rejected']);
});

test('numbers that other processes have by now do not keep a home shut', async (t) => {
  await (await start(t, sharedHome)).stop();
  const folder = join(sharedHome, 'postgres');
  await writeFile(join(folder, 'lock'), JSON.stringify({ pid: process.pid, started: 'in another life' }));
  const data = await dataOf(sharedHome);
  await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n1\n\n127.0.0.1\n  1  1\nready   \n`);
  const server = await start(t, sharedHome);
  assert.equal(await answers(server.superuser_url), true);
});

test('a damaged pid file and a missing program keep no home shut', async (t) => {
  const home = await openFolder(t);
  const programs = join(home, 'programs');
  const first = await start(t, home, { binaries_folder: programs });
  await first.stop();
  for (const damaged of ['', 'junk\n', '12']) {
    await writeFile(join(home, 'postgres', 'data', 'postmaster.pid'), damaged);
    const server = await start(t, home, { binaries_folder: programs });
    assert.equal(await answers(server.superuser_url), true, JSON.stringify(damaged));
    await server.stop();
  }
  const [version] = await readdir(programs);
  await rm(join(programs, required(version, 'the version'), 'bin', 'postgres'));
  const server = await start(t, home, { binaries_folder: programs });
  assert.equal(await answers(server.superuser_url), true);
});

test('a taken port is refused with the name of who holds it', async (t) => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  t.after(() => holder.close());
  const address = holder.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const refusal = start(t, sharedHome, { port: required(port, 'the port') });
  await assert.rejects(refusal, { code: 'port_taken', message: new RegExp(`Port ${port} is taken by process ${process.pid} \\(.*node`) });
});

test('a server that cannot start says why in its own words', async (t) => {
  const refusal = start(t, sharedHome, { settings: { shared_buffers: 'plenty' } });
  await assert.rejects(refusal, { code: 'embedded_postgres_failed', message: /invalid value for parameter "shared_buffers"/ });
});

const isRoot = process.getuid?.() === 0;

test('an ordinary account runs it as itself', async (t) => {
  const home = await openFolder(t);
  const account = isRoot ? { uid: 65534, gid: 65534 } : undefined;
  await chmod(home, 0o777);
  const { child, answer } = await launchElsewhere(join(home, 'shop'), account);
  assert.equal(answer.message, undefined);
  assert.equal(await answers(required(answer.superuser_url, 'the URL')), true);
  assert.equal((await stat(join(home, 'shop', 'postgres', 'data'))).uid, account?.uid ?? process.getuid?.());
  await endLaunched(child, 'close input');
});

test('a private home works, for root too, whose server could not enter it', async (t) => {
  const home = join(await openFolder(t), 'private');
  await mkdir(home, { mode: 0o700 });
  const server = await start(t, home);
  assert.equal(await answers(server.superuser_url), true);
  const place = (await readFile(join(home, 'postgres', 'location'), 'utf8').catch(() => '')).trim();
  assert.equal(place.startsWith('/var/lib/souk-0-'), isRoot);
  t.after(async () => {
    await server.stop();
    if (isRoot) await rm(place, { recursive: true });
  });
  if (!isRoot) return;
  const copy = join(await openFolder(t), 'copy');
  await cp(home, copy, { recursive: true, filter: (path) => !path.endsWith('/lock') });
  await assert.rejects(start(t, copy), { code: 'embedded_postgres_failed', message: /belongs to .*private.*is a copy/ });
  assert.equal(await answers(server.superuser_url), true, 'the first is not disturbed');
  await server.stop();
  const moved = join(await openFolder(t), 'moved');
  await rename(home, moved);
  assert.equal(await answers((await start(t, moved)).superuser_url), true, 'a home may be moved');
});

test('root finds the data that another account made in its private folder', async (t) => {
  if (!isRoot) return;
  const folder = await openFolder(t);
  await chmod(folder, 0o700);
  await chown(folder, 65534, 65534);
  const home = join(folder, 'shop');
  const { child, answer } = await launchElsewhere(home, { uid: 65534, gid: 65534 });
  await withDatabase(required(answer.superuser_url, 'the URL'), (db) => db.query('create table kept as select 7 as id'));
  await endLaunched(child, 'close input');
  const server = await start(t, home);
  await withDatabase(server.superuser_url, async (db) => assert.deepEqual(await db.query('select id from kept'), [{ id: 7 }]));
});
