/**
 * Restores a backup into empty databases. Everything is checked first; then each database gets the migrations that the
 * backup's had and is filled in one transaction, so that a database holds all of it or nothing. A restore that was killed
 * goes on with the same backup: what is finished already is left alone.
 */
import { AppError } from '@souk/kernel';
import { beginRestoration, inspectTarget, openLoad, type TargetState } from '@souk/postgres/copy';
import { checkFile, readCompressed } from './files.ts';
import { type BackupDatabase, damaged, filesOf, type Manifest, readManifest } from './manifest.ts';

export interface RestoreTarget {
  name: string;
  url: string;
  /** Brings the empty database to exactly these migrations. Errors: `backup_incompatible`. */
  migrate(migrations: BackupDatabase['migrations']): Promise<void>;
}

export interface RestoreBackupOptions {
  folder: string;
  targets: readonly RestoreTarget[];
  signal: AbortSignal;
  progress(sentence: string): void;
}

/** How long before the first snapshot a message may have been on its way: longer than a consumer retries. */
const messageAgeMaxMs = 15 * 60_000;
/** SQLSTATE disk_full. */
const sqlDiskFull = '53100';

/** Reads the manifest and every file it names. Errors: `backup_missing`, `backup_damaged`, `backup_newer`. */
export async function verifyBackup(folder: string, signal: AbortSignal, progress: (sentence: string) => void): Promise<Manifest> {
  const manifest = await readManifest(folder);
  for (const file of filesOf(manifest)) {
    progress(`checking ${file.path}`);
    await checkFile(folder, file, signal);
  }
  return manifest;
}

/**
 * Errors: those of `verifyBackup`, `restore_target_used` (running or not empty), `backup_incompatible` (of a newer Souk),
 * `backup_no_space`, `database_unavailable`, and the reason of `signal`.
 */
export async function restoreBackup(options: RestoreBackupOptions): Promise<Manifest> {
  const { folder, targets, signal, progress } = options;
  const manifest = await verifyBackup(folder, signal, progress);
  const pairs = manifest.databases.map((database) => ({ database, target: targetOf(targets, database.name) }));
  const states = await Promise.all(pairs.map(async (pair) => ({ ...pair, state: await inspectTarget(pair.target.url) })));
  for (const { target, state } of states) refuseUsed(target.name, state, manifest.backup_id);
  const republish_since = republishSince(manifest);
  const unfinished = states.filter(({ state }) => state.restoration?.finished !== true);
  if (unfinished.length === 0)
    throw new AppError('restore_target_used', 'The databases hold this backup already; restore into new ones. Nothing was changed.');
  // Noted in all before the first is filled: no service starts on a part of a restored shop.
  for (const { target } of unfinished) await beginRestoration(target.url, manifest.backup_id);
  for (const { database, target } of unfinished) {
    signal.throwIfAborted();
    progress(`${database.name}: making its tables`);
    await target.migrate(database.migrations);
    await fill(folder, database, target, { backup_id: manifest.backup_id, republish_since }, options);
  }
  return manifest;
}

/** Everything that may have been on its way when the first snapshot was taken changed after this instant. */
export function republishSince({ databases }: Manifest): string {
  const first_ms = Math.min(...databases.map(({ taken_at }) => Date.parse(taken_at)));
  return new Date(first_ms - messageAgeMaxMs).toISOString();
}

function targetOf(targets: readonly RestoreTarget[], name: string): RestoreTarget {
  const target = targets.find((candidate) => candidate.name === name);
  if (target) return target;
  throw new AppError('backup_incompatible', `The backup holds a database ${name}, which this Souk does not have.`, { name });
}

function refuseUsed(name: string, { tables, restoration, connected }: TargetState, backup_id: string): void {
  if (connected.length > 0) {
    const sentence = `The database for ${name} is in use by ${connected.join(', ')}; stop the shop first. Nothing was changed.`;
    throw new AppError('restore_target_used', sentence, { name, connected });
  }
  if (tables.length === 0 || restoration?.backup_id === backup_id) return;
  const sentence = `The database for ${name} is not empty (${tables.slice(0, 3).join(', ')}, …); restore into a new one. Nothing was changed.`;
  throw new AppError('restore_target_used', sentence, { name, tables });
}

async function fill(
  folder: string,
  database: BackupDatabase,
  target: RestoreTarget,
  restoration: { backup_id: string; republish_since: string },
  { signal, progress }: RestoreBackupOptions,
): Promise<void> {
  const load = await openLoad(target.url, database.tables);
  try {
    for (const table of database.tables) {
      progress(`${database.name}: ${table.name}, ${table.rows} rows`);
      const rows = await readCompressed(folder, table.path, load.write(table), signal);
      if (rows !== table.rows) throw damaged(`${table.path} holds ${rows} rows, ${table.rows} were written`);
    }
    for (const sequence of database.sequences) await load.setSequence(sequence);
    await load.commit(restoration);
  } catch (error) {
    // An ended copy fails in words of its own.
    signal.throwIfAborted();
    throw isDiskFull(error) ? noSpace(database.name, error) : error;
  } finally {
    await load.close();
  }
}

/** Not an error of ours: a copy that is under way ends with the words of PostgreSQL. */
function isDiskFull(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if ((cause as { code?: unknown }).code === sqlDiskFull) return true;
  return false;
}

function noSpace(name: string, error: unknown): AppError {
  const sentence = `There is no space left for the database ${name}; nothing of it was kept. Make space and restore the same backup again: what is finished is left alone.`;
  return new AppError('backup_no_space', sentence, { name }, error);
}
