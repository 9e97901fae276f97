/** `souk up` on servers that are named by URLs and that it shares with strangers. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { silentLog, systemClock, systemIds } from '@souk/kernel';
import { claimPortBlock } from '@souk/kernel/ports';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { type LocalRabbitMq, startLocalRabbitMq } from '@souk/local-servers/rabbitmq';
import { type LocalRedis, startLocalRedis } from '@souk/local-servers/redis';
import { openRabbitBroker } from '@souk/messaging';
import { until } from '@souk/messaging/testing';
import { databaseNames, extensionsOf } from '@souk/platform';
import { type Database, openDatabase } from '@souk/postgres';
import { openRedis } from '@souk/redis';
import { anUpProcess, type UpProcess } from './_up-process.ts';

const installation = 'market';
const ports_in_block = 14;
/** As another installation would name its things, and as nobody would. */
const strangersKeys = { 'souk:registry:state': 'not yours', 'market-place:cache': 'nor this', plain: 'nor that' };

let place: string;
let postgres: EmbeddedPostgres;
let rabbit: LocalRabbitMq;
let redis: LocalRedis;
let up: UpProcess | undefined;

before(async () => {
  place = await mkdtemp(join(tmpdir(), 'souk-given-'));
  // Open to all: root's PostgreSQL runs as another account, and would keep its data elsewhere, where nobody removes it.
  await chmod(place, 0o755);
  [postgres, rabbit, redis] = await Promise.all([
    startEmbeddedPostgres({ home: join(place, 'server'), log: silentLog, settings: { max_connections: '120' } }),
    startLocalRabbitMq({ folder: join(place, 'rabbitmq'), log: silentLog, environment: process.env }),
    startLocalRedis({ folder: join(place, 'redis'), log: silentLog }),
  ]);
});

after(async () => {
  up?.signal('SIGKILL');
  await Promise.all([postgres.stop(), rabbit.close(), redis.stop()]);
  await rm(place, { recursive: true, force: true });
});

async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase({ url, application_name: 'strangers', pool_max: 1, log: silentLog });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function withRedis<T>(work: (send: (args: string[]) => Promise<unknown>) => Promise<T>): Promise<T> {
  const client = openRedis({ url: redis.url, log: silentLog, command_timeout_ms: 5_000 });
  try {
    while (client.state() !== 'ready') await new Promise((resolve) => setTimeout(resolve, 5));
    return await work((args) => client.send(args));
  } finally {
    client.close();
  }
}

/** Another program on the same virtual host: the plain names, with messages nobody has taken yet. */
async function leaveStrangersMessages(): Promise<void> {
  const broker = openRabbitBroker({ url: rabbit.url, log: silentLog, clock: systemClock, ids: systemIds });
  await broker.declare([{ name: 'inventory.reserve-stock', routing_keys: ['order.created'] }]);
  const message = { routing_key: 'order.created', body: 'not yours', correlation_id: 'none', headers: {}, mandatory: true };
  const outcomes = await broker.publish([1, 2, 3].map((number) => ({ ...message, message_id: `stranger-${number}` })));
  assert.deepEqual(new Set(outcomes), new Set(['confirmed']));
  await broker.close();
  // RabbitMQ counts what is in a queue a little later.
  await until(async () => ((await rabbit.ctl('list_queues', 'name', 'messages')).includes('reserve-stock\t3') ? undefined : 'not counted'));
}

async function leaveStrangersRows(urls: Readonly<Record<string, string>>): Promise<void> {
  await withDatabase(postgres.url('postgres'), (db) => db.query('create table strangers (name text)'));
  await withDatabase(urls['orders'] ?? '', async (db) => {
    await db.query('create schema strangers');
    await db.query("create table strangers.visits as select 'not yours' as said");
  });
}

/** Everything of others, as it is now. */
async function strangers(urls: Readonly<Record<string, string>>): Promise<object> {
  const queues = (await rabbit.ctl('list_queues', '--no-table-headers', 'name', 'messages', 'consumers', 'arguments')).split('\n');
  const roles = 'select rolname, rolsuper, rolcreatedb, rolcanlogin from pg_roles order by rolname';
  return {
    queues: queues.filter((line) => line !== '' && !line.startsWith(`${installation}.`)).sort(),
    keys: await withRedis(async (send) => Promise.all(Object.keys(strangersKeys).map((key) => send(['GET', key])))),
    databases: await withDatabase(postgres.url('postgres'), (db) => db.query('select datname from pg_database order by datname')),
    roles: await withDatabase(postgres.url('postgres'), (db) => db.query(roles)),
    tables: await withDatabase(postgres.url('postgres'), (db) =>
      db.query("select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"),
    ),
    visits: await withDatabase(urls['orders'] ?? '', (db) => db.query('select * from strangers.visits')),
  };
}

it('works the same on servers that are named by URLs, and touches nothing there that is not its own', async () => {
  const urls: Record<string, string> = {};
  for (const name of databaseNames.filter((each) => each !== 'broker'))
    urls[name] = await postgres.ensureDatabase(name, { extensions: extensionsOf(name) });
  await leaveStrangersMessages();
  await leaveStrangersRows(urls);
  await withRedis(async (send) => {
    for (const [key, value] of Object.entries(strangersKeys)) await send(['SET', key, value]);
  });
  const before = await strangers(urls);

  const port_base = await claimPortBlock(ports_in_block);
  up = anUpProcess({
    ...process.env,
    ...Object.fromEntries(Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_DATABASE_URL`, url])),
    AMQP_URL: rabbit.url,
    REDIS_URL: redis.url,
    INSTALLATION: installation,
    SOUK_HOME: join(place, 'home'),
    PORT_BASE: String(port_base),
    LOG_LEVEL: 'warn',
    NODE_TEST_CONTEXT: undefined,
  });
  up.launch();
  await up.isUp();
  assert.match(up.output(), /PostgreSQL .*as given[\s\S]*RabbitMQ .*as given[\s\S]*Redis .*as given/);
  for (const secret of [rabbit.url, redis.url, urls['users'] ?? ''].map((url) => new URL(url).password))
    assert.ok(!up.output().includes(secret), 'no password is printed');
  assert.equal(await up.order(`http://127.0.0.1:${port_base}`), 'confirmed');
  const keys = (await withRedis((send) => send(['KEYS', '*']))) as string[];
  assert.deepEqual(
    keys.filter((key) => !key.startsWith(`${installation}:`)).sort(),
    Object.keys(strangersKeys).sort(),
    'every key has the name of the installation in front',
  );
  assert.ok(keys.includes(`${installation}:registry:instances`));
  up.signal('SIGINT');
  assert.equal(await up.ended(), 0, up.output());
  assert.deepEqual(await strangers(urls), before);
});
