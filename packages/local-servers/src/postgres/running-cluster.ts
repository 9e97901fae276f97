/** A server of one data folder as the rest of Souk sees it: URLs, databases, an end. */
import { join } from 'node:path';
import { AppError, type Log, required } from '@souk/kernel';
import { ManagedProcess } from '../managed-process.ts';
import { portTaken, startOnPort } from '../ports.ts';
import type { StartFailure } from '../process-spec.ts';
import type { Binaries } from './binaries.ts';
import { superuser } from './cluster.ts';
import type { DataDirectory } from './data-directory.ts';
import { databaseNames, ensureOwnedDatabase } from './databases.ts';
import { clearOrphans, readPostmaster, signalServer, stopSteps } from './postmaster.ts';
import { programEnv } from './run-program.ts';
import { rolePassword } from './secrets.ts';

/** Recovery after a crash replays at most max_wal_size, which takes seconds; a slow disk gets minutes. */
const readyWithinMs = 180_000;
const pollMs = 4;
const restart = { first_ms: 50, most_ms: 10_000, steady_ms: 60_000, when_not_ready: 'restart' } as const;

export interface EmbeddedPostgres {
  port: number;
  /** Of the superuser, for the database `postgres`. */
  superuser_url: string;
  /** The process number of the server now; another one after it died and was started again, undefined in between. */
  readonly pid: number | undefined;
  /** The URL of a database for the superuser, or for a role that this launcher's `ensureDatabase` has seen to. */
  url(database: string, role?: string): string;
  /**
   * Makes database and role `name` where missing and gives the role's URL. No other role may connect.
   * `extensions` are created by the superuser: `ensureDatabase('products', { extensions: ['pg_trgm', 'unaccent'] })`.
   */
  ensureDatabase(name: string, options?: { extensions?: readonly string[] }): Promise<string>;
  /** The names of all databases but the server's own. */
  databases(): Promise<string[]>;
  /** The last lines the server wrote. */
  stderrTail(): Promise<string>;
  /** Cuts off clients, writes everything, waits (bounded) for the end and frees the home. Safe to call again. */
  stop(): Promise<void>;
}

export interface ClusterRun {
  home: string;
  directory: Pick<DataDirectory, 'data' | 'account'>;
  binaries: Binaries;
  /** Of the superuser. */
  password: string;
  settings(port: number): Readonly<Record<string, string>>;
  /** Name of the file in the home that it writes to. */
  output: string;
  /** A free one when undefined. */
  port: number | undefined;
  log: Log;
  /** Called once after the server has ended, whether it ended well or not. */
  ended?(): Promise<void>;
}

/** Starts the server of a data folder. Errors: `port_taken`, `port_refused`, `embedded_postgres_failed`; then `ended` is not called. */
export async function runCluster(run: ClusterRun): Promise<EmbeddedPostgres> {
  const { server, port } = await startOnPort(run.port, async (on) => {
    const started = serverOn(on, run);
    await started.start();
    return { server: started, port: on };
  });
  const { home, password } = run;
  const urlOf = (database: string, role: string, secret: string): string => `postgres://${role}:${secret}@127.0.0.1:${port}/${database}`;
  const passwords = new Map([[superuser, password]]);
  let stopped: Promise<void> | undefined;
  return {
    port,
    superuser_url: urlOf('postgres', superuser, password),
    get pid() {
      return server.pid;
    },
    url: (database, role = superuser) => urlOf(database, role, required(passwords.get(role), `the password of ${role}`)),
    ensureDatabase: async (name, { extensions = [] } = {}) => {
      const secret = await rolePassword(home, name);
      await ensureOwnedDatabase((database) => urlOf(database, superuser, password), name, secret, extensions);
      passwords.set(name, secret);
      return urlOf(name, name, secret);
    },
    databases: () => databaseNames(urlOf('postgres', superuser, password)),
    stderrTail: () => server.tail(),
    stop: () => {
      stopped ??= stop(server, run);
      return stopped;
    },
  };
}

async function stop(server: ManagedProcess, { ended }: ClusterRun): Promise<void> {
  try {
    await server.stop();
  } finally {
    await ended?.();
  }
}

function serverOn(port: number, { home, directory, binaries, settings, output, log }: ClusterRun): ManagedProcess {
  const { data, account } = directory;
  const { postgres, pg_ctl } = binaries;
  return new ManagedProcess({
    name: 'PostgreSQL',
    command: postgres,
    args: ['-D', data, ...Object.entries(settings(port)).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: programEnv,
    cwd: data,
    account,
    output: join(home, 'postgres', output),
    beforeStart: () => clearOrphans(data, pg_ctl, log),
    async isReady(pid) {
      const found = await readPostmaster(data);
      return found?.pid === pid && found.status === 'ready';
    },
    poll_ms: pollMs,
    ready_within_ms: readyWithinMs,
    stop_steps: stopSteps,
    send: signalServer(pg_ctl),
    restart,
    report: (sentence) => log.warn({ port }, `PostgreSQL ${sentence}`),
    refuse: (failure) => refuse(failure, port),
  });
}

async function refuse({ sentence, tail, reason, cause }: StartFailure, port: number): Promise<AppError> {
  if (reason === 'stuck') return new AppError('embedded_postgres_stuck', sentence, {}, cause);
  if (tail.includes('Address already in use')) return portTaken(port, cause);
  return new AppError('embedded_postgres_failed', `${sentence} It said:\n${tail}`, { stderr_tail: tail }, cause);
}
