import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, backoffMs, type Log, pause } from '@souk/kernel';
import pg from 'pg';
import { asKnownError, isUnavailable, sqlState } from './errors.ts';
import { sessionOptions } from './taker.ts';

export interface MigrateOptions {
  url: string;
  /** Folders of `0001_words.sql` files, applied in this order; within a folder by name. */
  folders: readonly URL[];
  log: Log;
}

/** One file to apply; `folder` is the owner's name, such as `@souk/orders/migrations`. */
export interface Migration {
  folder: string;
  name: string;
  checksum: string;
  text: string;
}

const namePattern = /^\d{4}_[a-z0-9_]+\.sql$/;
const connectTimeoutMs = 30_000;
const lockTimeoutMs = 120_000;
/** "souk" and "migr" in ASCII: the advisory lock that one migrator of a database holds. */
const lockKeys = [0x736f756b, 0x6d696772];

/**
 * Brings a database up to date and names what it applied, such as `@souk/orders/migrations/0001_orders.sql`. Safe to run
 * from several processes at once; waits up to 30 s for a server that is starting. Errors: `migration_changed`,
 * `migration_out_of_order`, `migration_failed`, `migration_misnamed`, `migration_locked`, `database_unavailable`.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.folders);
  const client = await connect(options);
  try {
    await lock(client);
    await client.query(`create table if not exists schema_migrations (
      folder text not null, name text not null, checksum text not null, applied_at timestamptz not null default now(),
      primary key (folder, name))`);
    return await applyMissing(client, migrations, options.log);
  } catch (error) {
    throw asKnownError(error);
  } finally {
    await client.end();
  }
}

/** All files of the folders, in the order they are to be applied. */
export async function readMigrations(folders: readonly URL[]): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const url of folders) {
    const path = fileURLToPath(url).replace(/\/$/, '');
    const folder = await ownerName(path);
    const names = (await readdir(path)).filter((name) => name.endsWith('.sql')).sort();
    for (const name of names) {
      if (!namePattern.test(name)) throw new AppError('migration_misnamed', `${folder}/${name} is not named like 0001_words.sql.`);
      const text = await readFile(join(path, name), 'utf8');
      migrations.push({ folder, name, text, checksum: createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex') });
    }
  }
  return migrations;
}

/** The name of the package around the folder and the folder's own: the same on every machine, unlike the path. */
async function ownerName(path: string): Promise<string> {
  for (let parent = dirname(path); parent !== dirname(parent); parent = dirname(parent)) {
    const manifest = join(parent, 'package.json');
    if (!existsSync(manifest)) continue;
    const { name } = JSON.parse(await readFile(manifest, 'utf8')) as { name?: string };
    if (name !== undefined) return `${name}/${basename(path)}`;
  }
  return `${basename(dirname(path))}/${basename(path)}`;
}

async function connect({ url, log }: MigrateOptions): Promise<pg.Client> {
  const until_ms = performance.now() + connectTimeoutMs;
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'souk migrate',
      options: sessionOptions,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', (error) => log.warn({ err: error }, 'the connection of the migrator was lost'));
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (!isUnavailable(error) || performance.now() >= until_ms) throw asKnownError(error);
      if (attempt === 0) log.info({}, 'waiting for the database to start');
      await pause(backoffMs(attempt, 50, 1_000));
    }
  }
}

/** Held until the connection ends. */
async function lock(client: pg.Client): Promise<void> {
  try {
    await client.query(`set lock_timeout = ${lockTimeoutMs}`);
    await client.query('select pg_advisory_lock($1, $2)', lockKeys);
    await client.query('set lock_timeout = 0');
  } catch (error) {
    if (sqlState(error) !== '55P03') throw error;
    throw new AppError('migration_locked', 'Another process has been migrating this database for minutes.', {}, error);
  }
}

async function applyMissing(client: pg.Client, migrations: readonly Migration[], log: Log): Promise<string[]> {
  const { rows } = await client.query<Omit<Migration, 'text'>>('select folder, name, checksum from schema_migrations');
  const applied = new Map(rows.map((row) => [`${row.folder}/${row.name}`, row]));
  const done: string[] = [];
  for (const migration of migrations) {
    const id = `${migration.folder}/${migration.name}`;
    const known = applied.get(id);
    if (known === undefined) {
      refuseOutOfOrder(migration, rows);
      await apply(client, migration);
      log.info({ migration: id }, 'migration applied');
      done.push(id);
    } else if (known.checksum !== migration.checksum) {
      throw new AppError('migration_changed', `${id} was changed after it had been applied; add a new file instead.`, { migration: id });
    }
  }
  return done;
}

/** Numbers only grow: a file slipped in below an applied one would make two databases differ in their order. */
function refuseOutOfOrder(migration: Migration, applied: readonly { folder: string; name: string }[]): void {
  const later = applied.find((row) => row.folder === migration.folder && row.name > migration.name);
  if (later === undefined) return;
  const id = `${migration.folder}/${migration.name}`;
  throw new AppError('migration_out_of_order', `${id} is new, but ${later.name} has been applied already; give it a higher number.`, {
    migration: id,
  });
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  const id = `${migration.folder}/${migration.name}`;
  try {
    await client.query('begin');
    await client.query(migration.text);
    if (client.getTransactionStatus() !== 'T') throw new AppError('migration_failed', `${id} ends its own transaction.`, { migration: id });
    const { folder, name, checksum } = migration;
    await client.query('insert into schema_migrations (folder, name, checksum) values ($1, $2, $3)', [folder, name, checksum]);
    await client.query('commit');
  } catch (error) {
    if (isUnavailable(error) || error instanceof AppError) throw error;
    const { message, position } = error as pg.DatabaseError;
    const line = position === undefined ? undefined : migration.text.slice(0, Number(position)).split('\n').length;
    throw new AppError('migration_failed', `${id}${line === undefined ? '' : ` line ${line}`}: ${message}`, { migration: id, line }, error);
  }
}
