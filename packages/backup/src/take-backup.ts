/**
 * A backup of a running shop: each database as of one instant of its own. There is no common instant of several databases,
 * and none is needed: the snapshots are opened within milliseconds of each other in the order of `databases`, and after a
 * restore the services publish once more what changed since before the first of them.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, type IdSource } from '@souk/kernel';
import { openSnapshot, type Snapshot } from '@souk/postgres/copy';
import { writeCompressed } from './files.ts';
import { type BackupDatabase, type BackupFile, backupFormat, type Manifest, writeManifest } from './manifest.ts';

export interface TakeBackupOptions {
  /** Folder to make; it must not exist. */
  folder: string;
  /** In the order in which their snapshots are taken. */
  databases: readonly { name: string; url: string }[];
  /** Secrets by file name, to be kept with the data they belong to. */
  secrets: Readonly<Record<string, string>>;
  souk_version: string;
  ids: IdSource;
  signal: AbortSignal;
  progress(sentence: string): void;
  /** Before each snapshot but the first; for trials of copies that lie apart. */
  between?(): Promise<void>;
}

/**
 * Writes the backup under another name and renames it when it is whole: what is interrupted leaves nothing. Errors:
 * `backup_exists`, `backup_no_space`, `database_unavailable`, `database_foreign`, and the reason of `signal`.
 */
export async function takeBackup(options: TakeBackupOptions): Promise<Manifest> {
  const { folder } = options;
  const partial = `${folder}.partial`;
  if (await exists(folder)) throw new AppError('backup_exists', `${folder} is there already; name another folder.`, { folder });
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(partial, { mode: 0o700 });
    const manifest = await write(partial, options);
    await rename(partial, folder);
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new AppError(
      'backup_no_space',
      `There is no space left for a backup in ${dirname(folder)}; nothing of it was kept.`,
      { folder },
      error,
    );
  }
}

async function write(partial: string, options: TakeBackupOptions): Promise<Manifest> {
  const snapshots: { name: string; snapshot: Snapshot }[] = [];
  try {
    for (const { name, url } of options.databases) {
      if (snapshots.length > 0) await options.between?.();
      snapshots.push({ name, snapshot: await openSnapshot(url) });
    }
    const databases: BackupDatabase[] = [];
    for (const { name, snapshot } of snapshots) databases.push(await writeDatabase(partial, name, snapshot, options));
    const manifest: Manifest = {
      format: backupFormat,
      backup_id: options.ids.uuid(),
      souk_version: options.souk_version,
      databases,
      secrets: await writeSecrets(partial, options.secrets),
    };
    await writeManifest(partial, manifest);
    return manifest;
  } finally {
    await Promise.allSettled(snapshots.map(({ snapshot }) => snapshot.close()));
  }
}

async function writeDatabase(partial: string, name: string, snapshot: Snapshot, options: TakeBackupOptions): Promise<BackupDatabase> {
  await mkdir(join(partial, name), { mode: 0o700 });
  const tables: BackupDatabase['tables'] = [];
  for (const table of snapshot.tables) {
    options.progress(`${name}: ${table.name}`);
    const file = await writeCompressed(partial, `${name}/${table.name}.copy.gz`, snapshot.read(table), options.signal);
    tables.push({ ...table, ...file });
  }
  const { taken_at, server_version, migrations } = snapshot;
  return { name, taken_at, server_version, migrations, tables, sequences: await snapshot.sequences() };
}

async function writeSecrets(partial: string, secrets: Readonly<Record<string, string>>): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  await mkdir(join(partial, 'secrets'), { mode: 0o700 });
  for (const [name, text] of Object.entries(secrets)) {
    const path = `secrets/${name}`;
    await writeFile(join(partial, path), text, { mode: 0o600, flush: true });
    files.push({ path, bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') });
  }
  return files;
}

/** The secrets of a home that belong to its data: not the passwords of servers, which every home makes for itself. */
export async function readSecrets(home: string): Promise<Record<string, string>> {
  const folder = join(home, 'secrets');
  const names = await readdir(folder).catch(() => [] as string[]);
  const kept = names.filter((name) => /^[A-Za-z0-9_.-]+$/.test(name) && !serverSecret.test(name) && !name.endsWith('.new'));
  return Object.fromEntries(await Promise.all(kept.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)));
}

const serverSecret = /^(postgres|rabbitmq|redis)/;

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
