/**
 * The manifest of a backup: what it holds, as of when, and the SHA-256 of every file, so that a truncated or altered backup
 * is refused before anything is written. The manifest's own SHA-256 stands in a file beside it.
 */
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isUuid } from '@souk/kernel';
import type { AppliedMigration, SequenceState } from '@souk/postgres/copy';

export interface BackupFile {
  /** Path within the backup, such as `orders/public.orders.copy.gz`. */
  path: string;
  bytes: number;
  sha256: string;
}

export interface BackupTable extends BackupFile {
  name: string;
  columns: string[];
  rows: number;
}

export interface BackupDatabase {
  name: string;
  /** The instant of its snapshot, by its server's clock; RFC 3339. */
  taken_at: string;
  server_version: string;
  migrations: AppliedMigration[];
  tables: BackupTable[];
  sequences: SequenceState[];
}

export interface Manifest {
  format: number;
  backup_id: string;
  souk_version: string;
  /** In the order in which the snapshots were taken. */
  databases: BackupDatabase[];
  /** Files of the folder `secrets`. */
  secrets: BackupFile[];
}

/** Grows when a reader of the number before could not read it. */
export const backupFormat = 1;

const manifestName = 'manifest.json';
const digestName = 'manifest.sha256';
/** A manifest names a few dozen files. */
const manifestBytesMax = 8 * 1024 * 1024;
const pathPattern = /^[a-z0-9_-]{1,64}\/[A-Za-z0-9._-]{1,160}$/;

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeFile(join(folder, manifestName), text, { mode: 0o600, flush: true });
  await writeFile(join(folder, digestName), `${digestOf(text)}  ${manifestName}\n`, { mode: 0o600, flush: true });
}

/** Errors: `backup_missing`, `backup_damaged`, `backup_newer`. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, manifestName);
  const text = await readSmall(path, folder);
  const digest = (await readSmall(join(folder, digestName), folder)).split(' ')[0];
  if (digest !== digestOf(text)) throw damaged(`${path} is not what was written: its SHA-256 is not that of ${digestName}`);
  const manifest = parse(text, path);
  if (manifest.format > backupFormat) {
    const sentence = `The backup in ${folder} has format ${manifest.format}; this Souk reads up to ${backupFormat}. It was made by Souk ${manifest.souk_version}: restore it with that version or a newer one.`;
    throw new AppError('backup_newer', sentence, { folder, format: manifest.format });
  }
  for (const file of filesOf(manifest))
    if (!pathPattern.test(file.path)) throw damaged(`${path} names a file ${JSON.stringify(file.path)}`);
  return manifest;
}

/** Every file that the manifest names. */
export function filesOf({ databases, secrets }: Manifest): BackupFile[] {
  return [...databases.flatMap(({ tables }) => tables), ...secrets];
}

export function damaged(what: string): AppError {
  return new AppError('backup_damaged', `The backup is damaged: ${what}. Nothing was changed.`);
}

async function readSmall(path: string, folder: string): Promise<string> {
  try {
    if ((await stat(path)).size > manifestBytesMax) throw damaged(`${path} is too large`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new AppError('backup_missing', `There is no backup in ${folder}: ${path} is not there.`, { folder }, error);
  }
}

function parse(text: string, path: string): Manifest {
  try {
    const manifest = JSON.parse(text) as Manifest;
    const whole =
      Number.isInteger(manifest.format) &&
      isUuid(manifest.backup_id) &&
      Array.isArray(manifest.databases) &&
      Array.isArray(manifest.secrets);
    if (!whole) throw new SyntaxError('members are missing');
    return manifest;
  } catch (error) {
    throw damaged(`${path} cannot be read (${(error as Error).message})`);
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
