/** The embedded world: a PostgreSQL of its own with one database for each service and one for the broker. */
import { join } from 'node:path';
import { type Clock, type IdSource, type Log, mapBounded } from '@souk/kernel';
import { type Broker, embeddedBrokerMigrations, openEmbeddedBroker } from '@souk/messaging';
import { migrate } from '@souk/postgres';
import { startEmbeddedPostgres } from '@souk/postgres/embedded';
import { type DatabaseName, databaseNames, extensionsOf } from './databases.ts';

export interface World {
  database_urls: Readonly<Record<DatabaseName, string>>;
  broker: Broker;
  /** Where state of the platform is kept. */
  home: string;
  postgres_port?: number;
  stop(): Promise<void>;
}

export interface EmbeddedWorldOptions {
  home: string;
  log: Log;
  clock: Clock;
  ids: IdSource;
  progress(sentence: string): void;
  /** How long after an outage a queue does not count as drained; see the embedded broker. */
  settling_ms?: number;
}

const databasesAtOnce = 3;

export async function openEmbeddedWorld(options: EmbeddedWorldOptions): Promise<World> {
  const { home, log, clock, ids } = options;
  options.progress('starting PostgreSQL');
  const postgres = await startEmbeddedPostgres({ home, log });
  try {
    const urls = await mapBounded(
      databaseNames,
      databasesAtOnce,
      async (name) => [name, await postgres.ensureDatabase(name, { extensions: extensionsOf(name) })] as const,
    );
    const database_urls = Object.fromEntries(urls) as Record<DatabaseName, string>;
    const broker = await openBroker({
      url: database_urls.broker,
      log,
      clock,
      ids,
      ...(options.settling_ms === undefined ? {} : { settling_ms: options.settling_ms }),
    });
    return {
      database_urls,
      broker,
      home: join(home),
      postgres_port: postgres.port,
      async stop() {
        await broker.close();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

export async function openBroker(options: {
  url: string;
  log: Log;
  clock: Clock;
  ids: IdSource;
  settling_ms?: number;
  poll_ms?: number;
}): Promise<Broker> {
  await migrate({ url: options.url, folders: [embeddedBrokerMigrations], log: options.log });
  return openEmbeddedBroker(options);
}
