/**
 * Data of an older major version of PostgreSQL, which the present programs cannot read: a server of the older programs is
 * read, one of the present programs is written, and the new data folder takes the place of the old one when it is whole.
 * Until then the old one is only read; interrupted, everything is as before, and the next call starts anew.
 */
import { mkdir, realpath, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Log } from '@souk/kernel';
import { installBinaries } from './binaries.ts';
import { acceptUpgrade, dataVersion, ensureCluster, initialise, majorOf, oldDataOf, otherVersion, settleUpgrade } from './cluster.ts';
import { type DataDirectory, findDataDirectory } from './data-directory.ts';
import { lockHome } from './lock.ts';
import { findOldPrograms } from './old-programs.ts';
import { clearOrphans } from './postmaster.ts';
import { type EmbeddedPostgres, runCluster } from './running-cluster.ts';
import { serverSettings } from './settings.ts';

export interface UpgradeOptions {
  home: string;
  /** Folder of the older programs, with `bin/postgres` in it, or of their npm package; looked for when absent. */
  programs?: string;
  /** As of `startEmbeddedPostgres`. */
  binaries_folder?: string;
  log: Log;
  /** Copies all databases; what it throws ends the upgrade. */
  copy(from: EmbeddedPostgres, to: EmbeddedPostgres): Promise<void>;
}

export interface Upgrade {
  from: string;
  to: string;
  /** Folder with the data of the older version, unchanged; it is not needed any more. */
  old_data: string;
}

const copyName = 'data.upgrading';
/** A server without room for one more segment of its log cannot go on. */
const spaceMinBytes = 32 * 1024 * 1024;
/** What every version knows; the data is only read, and no other process uses it. */
const oldSettings = (port: number): Record<string, string> => ({
  listen_addresses: '127.0.0.1',
  port: String(port),
  unix_socket_directories: '',
  default_transaction_read_only: 'on',
  autovacuum: 'off',
});

/**
 * Brings the data of a home to the present programs' version; undefined when it has it. Errors: `already_running`,
 * `embedded_postgres_version` (of a newer version), `old_postgres_missing`, `old_data_exists`, `upgrade_no_space`, and those of a start.
 */
export async function upgradeEmbeddedPostgres(options: UpgradeOptions): Promise<Upgrade | undefined> {
  const folder = join(options.home, 'postgres');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const home = await realpath(options.home);
  const unlock = await lockHome(join(home, 'postgres'));
  try {
    const directory = await findDataDirectory(join(home, 'postgres'), options.log);
    try {
      return await upgrade({ ...options, home }, directory);
    } catch (error) {
      const failure = await noSpace(directory.parent, error);
      await rm(join(directory.parent, copyName), { recursive: true, force: true });
      throw failure;
    }
  } finally {
    await unlock();
  }
}

async function upgrade(options: UpgradeOptions, directory: DataDirectory): Promise<Upgrade | undefined> {
  const { home, log } = options;
  const { data, parent, account } = directory;
  const programs_folder = options.binaries_folder ?? parent;
  const binaries = await installBinaries(programs_folder, account !== undefined);
  const copy = { ...directory, data: join(parent, copyName) };
  await settleUpgrade(parent);
  const [from, to] = [await dataVersion(data), majorOf(binaries.version)];
  if (from === undefined || from === to) return undefined;
  if (Number(from) > Number(to)) throw otherVersion(data, from, binaries.version);
  const old_data = oldDataOf(parent, from);
  if ((await dataVersion(old_data)) !== undefined) {
    const sentence = `${old_data} is there already, from an earlier upgrade; delete it, or move it away. Nothing was changed.`;
    throw new AppError('old_data_exists', sentence, { old_data });
  }
  const old = await findOldPrograms({ version: from, programs_folder, account, given: options.programs });
  for (const used of [data, copy.data]) await clearOrphans(used, old.pg_ctl, log);
  await rm(copy.data, { recursive: true, force: true });
  const { password } = await ensureCluster({ home, log }, directory, old);
  await initialise(copy, binaries, password);
  const common = { home, password, log, port: undefined };
  const source = await runCluster({ ...common, directory, binaries: old, settings: oldSettings, output: 'server.old.log' });
  try {
    const target = await runCluster({ ...common, directory: copy, binaries, settings: serverSettings, output: 'server.log' });
    await options.copy(source, target).finally(() => target.stop());
  } finally {
    await source.stop();
  }
  await acceptUpgrade(parent, copy.data);
  return { from, to, old_data };
}

/** A full disk shows in many ways: a refused statement, a server that died of it, a program that could not write. */
async function noSpace(parent: string, error: unknown): Promise<unknown> {
  const { bavail, bsize } = await statfs(parent);
  const isFull = bavail * bsize < spaceMinBytes || String(error).includes('No space left on device');
  if (!isFull) return error;
  const sentence = `There is no space left in ${parent} for the copy. It was deleted; the data of the older version is as it was. Make space for as much as that data takes, and run the command again.`;
  return new AppError('upgrade_no_space', sentence, { parent }, error);
}
