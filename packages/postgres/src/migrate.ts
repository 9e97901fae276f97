import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, type Log, retry } from '@souk/kernel';
import pg from 'pg';
import { applyMigration, type Migration } from './apply-migration.ts';
import { asKnownError } from './errors.ts';
import { prepareSession } from './session.ts';
import { startPatience } from './start-patience.ts';

export interface MigrateOptions {
  url: string;
  /**
   * Folders of `0001_words.sql` files, applied in this order; within a folder by name. A file `0001_words.concurrently.sql` holds one
   * `create index concurrently` and runs outside a transaction.
   */
  folders: readonly URL[];
  /** Applies these and no others, for data that was written under them; errors: `migration_unknown`, `migration_changed`. */
  only?: readonly Pick<Migration, 'folder' | 'name' | 'checksum'>[];
  /** How long another migrator of the database is waited for; default two minutes. */
  lock_wait_ms?: number;
  log: Log;
}

const namePattern = /^\d{4}_[a-z0-9_]+(\.concurrently)?\.sql$/;
const lockWaitMs = 120_000;
/** "souk" and "migr" in ASCII: the advisory lock that one migrator of a database holds. */
const lockKeys = [0x736f756b, 0x6d696772];

/**
 * Brings a database up to date and names what it applied, such as `@souk/orders/migrations/0001_orders.sql`. Safe to run
 * from several processes at once; waits 30 s for a server that is away and two minutes for one that is busy. Errors: `migration_changed`,
 * `migration_out_of_order`, `migration_failed`, `migration_misnamed`, `migration_locked`, `database_unavailable`.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const all = await readMigrations(options.folders);
  const migrations = options.only === undefined ? all : options.only.map((wanted) => sameAs(wanted, all));
  const client = await connect(options);
  try {
    await lock(client, options);
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
      if (!namePattern.test(name))
        throw new AppError('migration_misnamed', `${folder}/${name} is not named like 0001_words.sql or 0001_words.concurrently.sql.`);
      const text = await readFile(join(path, name), 'utf8');
      migrations.push({ folder, name, text, checksum: createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex') });
    }
  }
  return migrations;
}

function sameAs(wanted: Pick<Migration, 'folder' | 'name' | 'checksum'>, all: readonly Migration[]): Migration {
  const id = `${wanted.folder}/${wanted.name}`;
  const known = all.find(({ folder, name }) => folder === wanted.folder && name === wanted.name);
  if (known === undefined) throw new AppError('migration_unknown', `${id} is not a migration of this Souk.`, { migration: id });
  if (known.checksum !== wanted.checksum) throw new AppError('migration_changed', `${id} is another one in this Souk.`, { migration: id });
  return known;
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
  const attempt = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, application_name: 'souk migrate', connectionTimeoutMillis: 5_000 });
    client.on('error', (error) => log.warn({ err: error }, 'the connection of the migrator was lost'));
    try {
      await client.connect();
      await prepareSession(client);
      return client;
    } catch (error) {
      // The next attempt has a connection of its own; this one may be open and only slow.
      client.end().catch(() => undefined);
      throw error;
    }
  };
  try {
    return await retry(attempt, {
      first_ms: 50,
      most_ms: 1_000,
      isPassing: startPatience(),
      failed: (_error, failures) => failures > 0 || log.info({}, 'waiting for the database to start'),
    });
  } catch (error) {
    throw asKnownError(error);
  }
}

/**
 * Held until the connection ends. It is asked for again and again and not waited for inside a statement: `create index concurrently`
 * waits for every statement under way, so that one that waits for the builder of the index would be a deadlock.
 */
async function lock(client: pg.Client, { log, lock_wait_ms = lockWaitMs }: MigrateOptions): Promise<void> {
  const held = new AppError('migration_locked', 'Another process has been migrating this database for minutes.');
  const attempt = async (): Promise<void> => {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', lockKeys);
    if (rows[0]?.locked !== true) throw held;
  };
  await retry(attempt, {
    first_ms: 50,
    most_ms: 500,
    within_ms: lock_wait_ms,
    isPassing: (error) => error === held,
    failed: (_error, failures) =>
      failures > 0 || log.info({}, 'another process is migrating this database; this one waits until it is done'),
  });
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
      await applyMigration(client, migration, log);
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
