/** The whole platform for a test file: databases of its own, free ports, a home that goes with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, mapBounded, required, silentLog, systemClock, systemIds } from '@souk/kernel';
import { claimPortBlock } from '@souk/kernel/ports';
import { type LocalRedis, startLocalRedis } from '@souk/local-servers/redis';
import { freshVirtualHost, startTestRabbitMq, type TestRabbitMq } from '@souk/messaging/testing';
import { type Database, openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { createLog } from '@souk/telemetry';
import { openDistributedWorld } from './infrastructure/distributed-world.ts';
import { openBroker, type World } from './infrastructure/embedded-world.ts';
import { type Platform, type PlatformOptions, startPlatform } from './one-process/start-platform.ts';
import { type DatabaseName, databaseNames, extensionsOf, migrationFolders } from './plan/databases.ts';
import { type Account, keptAccounts } from './seed/accounts.ts';
import { seedPlatform } from './seed/seed.ts';

export { until } from '@souk/messaging/testing';
export { openDatabase } from '@souk/postgres';
export { monitorRole, startTestPostgres, type TestPostgres } from '@souk/postgres/testing';
export { openRedis } from '@souk/redis';

export interface TestPlatform extends Platform {
  accounts: Account[];
  /** Stops everything and starts it again on the same data, as a restart of the machine would. */
  restart(): Promise<void>;
  /** Takes the broker away: its database refuses, or RabbitMQ is stopped. The answered function brings it back. */
  cutBroker(): Promise<() => Promise<void>>;
  /** A database as its owner sees it, for faults that no route would let through; there also while its service is stopped. */
  databaseOf(name: DatabaseName): Database;
  /** What the distributed world stands on where it has servers of its own, to be stopped and disturbed. */
  servers: { rabbit: TestRabbitMq; redis: LocalRedis } | undefined;
}

export type WorldName = 'embedded' | 'distributed';

export interface TestPlatformOptions {
  /** Default embedded; the distributed one has a Redis of its own and a virtual host of a RabbitMQ that other test files use too. */
  world?: WorldName;
  /** The RabbitMQ is its own, too: the test stops it. With `metrics` it has the plugin for Prometheus. */
  own_rabbit?: 'plain' | 'metrics';
  /** Drills may be started. */
  drills?: boolean;
  /** Loads the sample catalogue too. */
  sample?: boolean;
  env?: PlatformOptions['env'];
  overrides?: PlatformOptions['overrides'];
  /** Gets every line the platform writes from this level on, as it would stand in a file; default nothing is written. */
  log?: { level: 'debug' | 'info' | 'warn'; write(line: string): void };
}

const databasesAtOnce = 2;
/** A fault is made in the middle of a test that keeps the machine busy. */
const faultConnectMs = 20_000;
/** The gateway, the services, and further gateways from base + 10. */
const ports_in_block = 14;
/** No limits and quick passwords: the journeys are about orders, not about patience. */
const testEnv = {
  LOG_LEVEL: 'silent',
  RATE_LIMIT: 'off',
  SOUK_BENCH: '1',
  PASSWORD_MEMORY_KIB: '64',
  DB_POOL_MAX: '4',
  AUDIT_INTERVAL_MS: '0',
};

/** Where npm test has built what browsers load. */
function builtFaces(): Record<string, string> {
  const { FACES_FOLDER: folder } = process.env;
  return folder === undefined ? {} : { FACES_FOLDER: folder };
}

/** What has to be done when it ends, the last first. */
type Undo = (() => Promise<unknown>)[];

/** Starts it; `stop()` in an `after` hook removes everything it made, as does a start that fails. */
export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const undo: Undo = [];
  try {
    return await openPlatform(options, undo);
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}

/** Does all of it, whatever fails, and rejects with the first failure. */
async function undoAll(undo: Undo): Promise<void> {
  const failures: unknown[] = [];
  while (undo.length > 0)
    await undo
      .pop()?.()
      .catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function openPlatform(options: TestPlatformOptions, undo: Undo): Promise<TestPlatform> {
  const home = await mkdtemp(join(tmpdir(), 'souk-journey-'));
  undo.push(() => rm(home, { recursive: true, force: true }));
  const databases = await mapBounded(databaseNames, databasesAtOnce, async (name) => {
    const database = await freshDatabase({ folders: migrationFolders(name), extensions: extensionsOf(name) });
    undo.push(() => database.drop());
    return [name, database] as const;
  });
  const database_urls = Object.fromEntries(databases.map(([name, database]) => [name, database.url])) as Record<DatabaseName, string>;
  const opened = new Map<DatabaseName, Database>();
  undo.push(() => Promise.all([...opened.values()].map((database) => database.close())));
  const port_base = await claimPortBlock(ports_in_block);
  const servers = options.world === 'distributed' ? await startServers(home, options.own_rabbit, undo) : undefined;
  const log = options.log ? createLog({ level: options.log.level, format: 'json', destination: options.log }) : silentLog;
  const openWorld = (): Promise<World> =>
    servers ? openDistributed(home, database_urls, servers, log) : openEmbedded(home, database_urls, log);
  let world = await openWorld();
  undo.push(() => world.stop());
  const start = (): Promise<Platform> =>
    startPlatform({
      world,
      port_base,
      log,
      drills: options.drills ?? false,
      env: { ...testEnv, ...builtFaces(), ...(options.log && { LOG_LEVEL: options.log.level }), ...options.env },
      ...(options.overrides ? { overrides: options.overrides } : {}),
    });
  let running = await start();
  undo.push(() => running.stop());
  const kept = await keptAccounts(home);
  await seedPlatform(running, { kept, sample: options.sample ?? false, progress: () => undefined });

  return {
    accounts: kept.accounts,
    servers: servers?.rabbit && { rabbit: servers.rabbit, redis: servers.redis },
    databaseOf: (name) => keptDatabase(opened, name, database_urls[name]),
    get world() {
      return world;
    },
    gateway_url: running.gateway_url,
    internal_token: running.internal_token,
    urlOf: (name) => running.urlOf(name),
    service: (name) => running.service(name),
    stopService: (name) => running.stopService(name),
    startService: (name) => running.startService(name),
    settle: (limit_ms) => running.settle(limit_ms),
    async cutBroker() {
      if (servers) {
        const rabbit = required(servers.rabbit, 'a RabbitMQ that this test has for itself (own_rabbit)');
        await rabbit.stop();
        return () => rabbit.start();
      }
      const [, database] = required(
        databases.find(([name]) => name === 'broker'),
        'the database of the broker',
      );
      return database.refuse();
    },
    async restart() {
      await running.stop();
      await world.stop();
      world = await openWorld();
      running = await start();
    },
    stop: () => undoAll(undo),
  };
}

async function openEmbedded(home: string, database_urls: Record<DatabaseName, string>, log: Log): Promise<World> {
  const broker = await openBroker({
    url: database_urls.broker,
    log,
    clock: systemClock,
    ids: systemIds,
    settling_ms: 0,
    poll_ms: 50,
  });
  return { home, database_urls, broker, stop: () => broker.close() };
}

interface Servers {
  /** Undefined where RabbitMQ is shared. */
  rabbit: TestRabbitMq | undefined;
  redis: LocalRedis;
  amqp_url: string;
  redis_url: string;
}

/** A Redis and a RabbitMQ, or a virtual host, that nothing else uses; nothing of them is left. */
async function startServers(home: string, own_rabbit: TestPlatformOptions['own_rabbit'], undo: Undo): Promise<Servers> {
  const own = own_rabbit === undefined ? undefined : startTestRabbitMq({ metrics: own_rabbit === 'metrics' });
  const starting = [own ?? freshVirtualHost(), startLocalRedis({ folder: join(home, 'redis'), log: silentLog })] as const;
  // Whichever starts is stopped, also when the other one does not start.
  const [first, second] = starting;
  undo.push(() =>
    first.then(
      (broker) => broker.close(),
      () => undefined,
    ),
  );
  undo.push(() =>
    second.then(
      (redis) => redis.stop(),
      () => undefined,
    ),
  );
  const [broker, redis] = await Promise.all(starting);
  return { rabbit: await own, redis, amqp_url: broker.url, redis_url: redis.url };
}

function keptDatabase(opened: Map<DatabaseName, Database>, name: DatabaseName, url: string): Database {
  const known =
    opened.get(name) ??
    openDatabase({ url, application_name: 'souk-test', pool_max: 1, connect_timeout_ms: faultConnectMs, log: silentLog });
  opened.set(name, known);
  return known;
}

function openDistributed(
  home: string,
  database_urls: Record<DatabaseName, string>,
  { amqp_url, redis_url }: Servers,
  log: Log,
): Promise<World> {
  return openDistributedWorld({
    home,
    database_urls,
    amqp_url,
    redis_url,
    log,
    clock: systemClock,
    ids: systemIds,
    settling_ms: 0,
  });
}
