/** The databases of the shop that a backup is taken of or restored into, and in which order. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backupOrder, type DataServiceName, refusal } from '@souk/contracts';
import { type Log, required } from '@souk/kernel';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { extensionsOf } from '@souk/platform';
import type { CliConfig } from '../config.ts';
import { findRunning } from '../running.ts';

export interface NamedDatabase {
  name: DataServiceName;
  url: string;
}

export interface ShopDatabases {
  databases: NamedDatabase[];
  /** The server of the home, started here or found running; undefined where every database is named by a URL. */
  close(): Promise<void>;
}

/** The databases named by `ORDERS_DATABASE_URL` and its like. Errors: `config_invalid` where only some are. */
export function databasesByUrl(env: CliConfig['env']): NamedDatabase[] | undefined {
  const named = backupOrder.flatMap((name) => {
    const url = env[variableOf(name)];
    return url ? [{ name, url }] : [];
  });
  if (named.length === 0) return undefined;
  const wrong = named.filter(({ url }) => !/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url));
  if (wrong.length > 0)
    throw refusal(
      'config_invalid',
      `${variableOf(required(wrong[0], 'a wrong one').name)} is not an address such as postgres://user:password@host:5432/database.`,
    );
  const missing = backupOrder.filter((name) => !named.some((database) => database.name === name));
  if (missing.length > 0)
    throw refusal('config_invalid', `Databases are named by URL, but not all of them: set ${missing.map(variableOf).join(', ')} too.`);
  return named;
}

/** Databases by URL, or those of the home: of its running shop, or of its PostgreSQL started for this. */
export async function openShopDatabases(config: CliConfig, log: Log): Promise<ShopDatabases> {
  const byUrl = databasesByUrl(config.env);
  if (byUrl) return { databases: byUrl, close: async () => undefined };
  const running = await findRunning(config.home);
  if (running?.postgres_port) {
    const port = running.postgres_port;
    const databases = await Promise.all(backupOrder.map(async (name) => ({ name, url: await ownUrl(config.home, name, port) })));
    return { databases, close: async () => undefined };
  }
  const postgres = await startEmbeddedPostgres({ home: config.home, log });
  try {
    return { databases: await ownDatabases(postgres), close: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Makes the databases of a home where they are missing. */
export async function ownDatabases(postgres: EmbeddedPostgres): Promise<NamedDatabase[]> {
  const databases: NamedDatabase[] = [];
  for (const name of backupOrder) databases.push({ name, url: await postgres.ensureDatabase(name, { extensions: extensionsOf(name) }) });
  return databases;
}

async function ownUrl(home: string, name: DataServiceName, port: number): Promise<string> {
  const password = (await readFile(join(home, 'secrets', `postgres-${name}`), 'utf8')).trim();
  return `postgres://${name}:${password}@127.0.0.1:${port}/${name}`;
}

function variableOf(name: DataServiceName): string {
  return `${name.toUpperCase()}_DATABASE_URL`;
}
