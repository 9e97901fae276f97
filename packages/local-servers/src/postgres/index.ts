/** A real PostgreSQL server from the platform's npm package, run by and for this process, its data kept in `home`. */
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '@souk/kernel';
import { localServersConfig } from '../config.ts';
import { freePort } from '../ports.ts';
import { installBinaries, removeOldBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { type DataDirectory, findDataDirectory } from './data-directory.ts';
import { lockHome } from './lock.ts';
import { clearOrphans } from './postmaster.ts';
import { type EmbeddedPostgres, runCluster } from './running-cluster.ts';
import { serverSettings } from './settings.ts';

export { clearOrphans } from './postmaster.ts';
export type { EmbeddedPostgres } from './running-cluster.ts';
export { type Upgrade, type UpgradeOptions, upgradeEmbeddedPostgres } from './upgrade.ts';

export interface EmbeddedPostgresOptions {
  /** Folder for data, secrets (`secrets/`, readable by the owner only), log and lock; made when absent. */
  home: string;
  /** On 127.0.0.1; a free one when absent. */
  port?: number;
  /** Server settings that replace Souk's own, such as `{ shared_buffers: '128MB' }`. */
  settings?: Readonly<Record<string, string>>;
  /** Folder for the copied programs, shared by several homes; within the home's place when absent. */
  binaries_folder?: string;
  log: Log;
}

/**
 * Starts the server of a home; what an earlier, killed launcher left running is stopped first. Errors:
 * `already_running`, `port_taken`, `embedded_postgres_missing`, `embedded_postgres_version`, `embedded_postgres_failed`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = join(options.home, 'postgres');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  // The one true path: orphans are known by it.
  const home = await realpath(options.home);
  const unlock = await lockHome(join(home, 'postgres'));
  try {
    return await start({ ...options, home }, await findDataDirectory(join(home, 'postgres'), options.log), unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function start(options: EmbeddedPostgresOptions, directory: DataDirectory, unlock: () => Promise<void>): Promise<EmbeddedPostgres> {
  const { home, port, log } = options;
  const { data, parent, account } = directory;
  const { postgres_shared: shared } = localServersConfig();
  const programs_folder = options.binaries_folder ?? shared ?? parent;
  const binaries = await installBinaries(programs_folder, account !== undefined);
  await clearOrphans(data, binaries.pg_ctl, log);
  if (port !== undefined) await freePort(port);
  const { password } = await ensureCluster({ home, log, shared }, directory, binaries);
  // Not before the data is known to be of this version: to copy data of an older one takes the older programs.
  if (programs_folder === parent) await removeOldBinaries(parent, binaries.version);
  const settings = (on: number): Record<string, string> => serverSettings(on, options.settings);
  return runCluster({ home, directory, binaries, password, settings, output: 'server.log', port, log, ended: unlock });
}
