/**
 * Applies one migration. A change of a table waits for a lock behind everybody who uses it, and everybody else then waits behind
 * the change: it waits a moment only, lets the others go first, and tries again. An index of a large table is built by
 * `create index concurrently`, which blocks no writer and cannot run in a transaction.
 */
import { AppError, type Log, retry } from '@souk/kernel';
import pg from 'pg';
import { isUnavailable, sqlState } from './errors.ts';

/** One file to apply; `folder` is the owner's name, such as `@souk/orders/migrations`. */
export interface Migration {
  folder: string;
  name: string;
  checksum: string;
  text: string;
}

const lockWaitMs = 2_000;
/** All waits together. */
const lockedMaxMs = 120_000;
const lockNotAvailable = '55P03';
const concurrentName = /\.concurrently\.sql$/;
const concurrentIndex = /^\s*(?:--[^\n]*\n\s*)*create\s+(?:unique\s+)?index\s+concurrently\s+([a-z_][a-z0-9_]{0,62})\s+on\s[^;]*;?\s*$/i;

/** Errors: `migration_failed`, `migration_locked`, `database_unavailable`. */
export async function applyMigration(client: pg.Client, migration: Migration, log: Log): Promise<void> {
  try {
    if (concurrentName.test(migration.name)) await buildIndex(client, migration);
    else await applyWhenFree(client, migration, log);
  } catch (error) {
    if (isUnavailable(error) || error instanceof AppError) throw error;
    const id = idOf(migration);
    const { message, position } = error as pg.DatabaseError;
    const line = position === undefined ? undefined : migration.text.slice(0, Number(position)).split('\n').length;
    throw new AppError('migration_failed', `${id}${line === undefined ? '' : ` line ${line}`}: ${message}`, { migration: id, line }, error);
  }
}

async function applyWhenFree(client: pg.Client, migration: Migration, log: Log): Promise<void> {
  const id = idOf(migration);
  const isLocked = (error: unknown): boolean => sqlState(error) === lockNotAvailable;
  try {
    await retry(() => applyOnce(client, migration), {
      first_ms: 100,
      most_ms: 2_000,
      within_ms: lockedMaxMs,
      isPassing: isLocked,
      async failed(_error, attempt) {
        await client.query('rollback');
        if (attempt === 0) log.warn({ migration: id }, 'migration waits for a lock; it lets others go first and tries again');
      },
    });
  } catch (error) {
    if (!isLocked(error)) throw error;
    await client.query('rollback');
    const message = `${id} waits for a lock that another session has held for minutes.`;
    throw new AppError('migration_locked', message, { migration: id }, error);
  }
}

async function applyOnce(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  await client.query(`set local lock_timeout = ${lockWaitMs}`);
  await client.query(migration.text);
  const id = idOf(migration);
  if (client.getTransactionStatus() !== 'T') throw new AppError('migration_failed', `${id} ends its own transaction.`, { migration: id });
  await note(client, migration);
  await client.query('commit');
}

/** One that was interrupted leaves an index that is not valid and slows every write: it is dropped and built again. */
async function buildIndex(client: pg.Client, migration: Migration): Promise<void> {
  const id = idOf(migration);
  const name = concurrentIndex.exec(migration.text)?.[1];
  if (name === undefined)
    throw new AppError('migration_failed', `${id} must hold one statement: create index concurrently NAME on TABLE (…).`, {
      migration: id,
    });
  const { rows } = await client.query<{ valid: boolean }>('select indisvalid as valid from pg_index where indexrelid = to_regclass($1)', [
    name,
  ]);
  if (rows[0]?.valid === false) await client.query(`drop index concurrently ${pg.escapeIdentifier(name)}`);
  if (rows[0]?.valid !== true) await client.query(migration.text);
  await note(client, migration);
}

async function note(client: pg.Client, { folder, name, checksum }: Migration): Promise<void> {
  await client.query('insert into schema_migrations (folder, name, checksum) values ($1, $2, $3)', [folder, name, checksum]);
}

function idOf({ folder, name }: Migration): string {
  return `${folder}/${name}`;
}
