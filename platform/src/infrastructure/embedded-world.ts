/** The embedded world: a PostgreSQL of its own with one database for each service and one for the broker. */
import type { ServiceName } from '@souk/contracts';
import type { Clock, IdSource, Log } from '@souk/kernel';
import { startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { type Broker, embeddedBrokerMigrations, openEmbeddedBroker } from '@souk/messaging';
import { migrate } from '@souk/postgres';
import { type DatabaseName, databaseNames } from '../plan/databases.ts';
import { ensureDatabases } from './databases.ts';

export interface World {
  database_urls: Readonly<Record<DatabaseName, string>>;
  broker: Broker;
  /** Where state of the platform is kept. */
  home: string;
  postgres_port?: number;
  /** Addresses of what is shared by processes, for the environment of all services. */
  env?: Readonly<Record<string, string>>;
  /** What takes the place of the in-process parts of a service. */
  partsOf?(name: ServiceName): object;
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

/**
 * Starts PostgreSQL in `home` (made at the first start), sees to a database for each service and for the broker, and
 * opens the broker. Throws what PostgreSQL refuses with; then nothing keeps running.
 */
export async function openEmbeddedWorld(options: EmbeddedWorldOptions): Promise<World> {
  const { home, log, clock, ids } = options;
  options.progress('starting PostgreSQL');
  const postgres = await startEmbeddedPostgres({ home, log });
  try {
    const database_urls = await ensureDatabases(home, postgres, databaseNames);
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
      home,
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

/** Brings the broker's database at `url` up to date and opens the embedded broker on it. Throws `database_unavailable`. */
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
