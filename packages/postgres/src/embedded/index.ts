/** A real PostgreSQL server from the platform's npm package, run by and for this process, its data kept in `home`. */
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Log, required } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { findQuarters, type Quarters } from './account.ts';
import { installBinaries, removeOldBinaries } from './binaries.ts';
import { ensureCluster, superuser } from './cluster.ts';
import { ensureOwnedDatabase } from './databases.ts';
import { lockHome } from './lock.ts';
import { freePort } from './port.ts';
import { clearOrphans } from './postmaster.ts';
import { rolePassword } from './secrets.ts';
import { openServerLog } from './server-log.ts';
import { runServer, type ServerOrder, type ServerProcess } from './server-process.ts';
import { serverSettings } from './settings.ts';

export { freePort } from './port.ts';

const portAttemptsMax = 3;

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

export interface EmbeddedPostgres {
  port: number;
  /** Of the superuser, for the database `postgres`. */
  superuser_url: string;
  /** The process number of the server now; another one after it died and was started again. */
  readonly pid: number;
  /** The URL of a database for the superuser, or for a role that this launcher's `ensureDatabase` has seen to. */
  url(database: string, role?: string): string;
  /**
   * Makes database and role `name` where missing and gives the role's URL. No other role may connect.
   * `extensions` are created by the superuser: `ensureDatabase('products', { extensions: ['pg_trgm', 'unaccent'] })`.
   */
  ensureDatabase(name: string, options?: { extensions?: readonly string[] }): Promise<string>;
  /** The last lines the server wrote. */
  stderrTail(): Promise<string>;
  /** Cuts off clients, writes everything, waits (bounded) for the end and frees the home. Safe to call again. */
  stop(): Promise<void>;
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
    const quarters = await findQuarters(join(home, 'postgres'), options.log);
    return await start({ ...options, home }, quarters, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function start(options: EmbeddedPostgresOptions, quarters: Quarters, unlock: () => Promise<void>): Promise<EmbeddedPostgres> {
  const { home, log } = options;
  const { place, account } = quarters;
  const binaries = await installBinaries(options.binaries_folder ?? place, account !== undefined);
  await clearOrphans(join(place, 'data'), binaries.pg_ctl, log);
  if (options.binaries_folder === undefined) await removeOldBinaries(place, binaries.version);
  if (options.port !== undefined) await freePort(options.port);
  const { data, password } = await ensureCluster(home, quarters, binaries, log);
  const output = await openServerLog(join(home, 'postgres', 'server.log'));
  try {
    const order = { postgres: binaries.postgres, pg_ctl: binaries.pg_ctl, data, account, output, log };
    const { server, port } = await runOnPort(order, options);
    return present(home, port, password, server, async () => {
      try {
        await server.stop();
      } finally {
        await output.close();
        await unlock();
      }
    });
  } catch (error) {
    await output.close();
    throw error;
  }
}

/** On the port asked for; without one, on a free port, another one when somebody else took it in between. */
async function runOnPort(
  order: Omit<ServerOrder, 'settings'>,
  options: EmbeddedPostgresOptions,
): Promise<{ server: ServerProcess; port: number }> {
  for (let attempts_left = options.port === undefined ? portAttemptsMax : 1; ; attempts_left -= 1) {
    const port = options.port === undefined ? required((await findFreePorts(1))[0], 'a free port') : await freePort(options.port);
    try {
      return { port, server: await runServer({ ...order, settings: serverSettings(port, options.settings) }) };
    } catch (error) {
      const taken = error instanceof AppError && error.code === 'port_taken';
      if (!taken || attempts_left <= 1) throw error;
    }
  }
}

function present(home: string, port: number, password: string, server: ServerProcess, stop: () => Promise<void>): EmbeddedPostgres {
  const urlOf = (database: string, role: string, secret: string): string => `postgres://${role}:${secret}@127.0.0.1:${port}/${database}`;
  const passwords = new Map([[superuser, password]]);
  let stopped: Promise<void> | undefined;
  return {
    port,
    superuser_url: urlOf('postgres', superuser, password),
    get pid() {
      return server.pid();
    },
    url: (database, role = superuser) => urlOf(database, role, required(passwords.get(role), `the password of ${role}`)),
    ensureDatabase: async (name, { extensions = [] } = {}) => {
      const secret = await rolePassword(home, name);
      await ensureOwnedDatabase((database) => urlOf(database, superuser, password), name, secret, extensions);
      passwords.set(name, secret);
      return urlOf(name, name, secret);
    },
    stderrTail: () => server.stderrTail(),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
