import { randomBytes } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { AppError, backoffMs, type Log, pause, required } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { endLeftServer } from './left-server.ts';
import { type RedisSettings, readSettings, writeSettings } from './redis-settings.ts';
import { launchServer, type ServerProcess } from './server-process.ts';

export interface PrivateRedisOptions {
  /** Its own folder, made when it is absent: settings with the password (0600), and the data with `appendonly`. */
  folder: string;
  log: Log;
  /** Keep what is written across restarts; default false. */
  appendonly?: boolean;
  /** A port of this machine; default any free one. It stays the same across restarts. */
  port?: number;
  /** Start it again whenever it dies without being asked to; default false. */
  revive?: boolean;
  /** The server's program; default `redis-server` from the PATH. */
  program?: string;
}

export interface PrivateRedis {
  /** With the password: never log it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it in order; it may be started again. */
  stop(): Promise<void>;
  /** Starts it again on the same port with the same password, after a stop if it runs. */
  restart(): Promise<void>;
  /** Kills it as a crash would, and does not revive it. */
  kill(): Promise<void>;
  /** For tests: `SIGSTOP` makes it hang, `SIGCONT` go on. */
  signal(name: NodeJS.Signals): void;
  tail(): string;
}

const stopTimeoutMs = 5_000;
const portAttemptsMax = 3;
const reviveFirstMs = 50;
const reviveMsMax = 5_000;

/**
 * Starts a server for us alone: on 127.0.0.1, with a random password. One that a crashed run left in the same folder is
 * ended first. Errors: `redis_server_missing`, `port_taken`, `redis_server_failed`.
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const { log, appendonly = false, program = 'redis-server' } = options;
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const folder = await realpath(options.folder);
  const left = await readSettings(folder);
  if (left) await endLeftServer(left, log);
  const password = left?.password ?? randomBytes(24).toString('hex');

  let settings: RedisSettings = { port: 0, password, appendonly };
  const launch = async (): Promise<ServerProcess> => launchServer(program, await writeSettings(folder, settings), settings.port);
  const launchSomewhere = async (attempt = 1): Promise<ServerProcess> => {
    settings = { ...settings, port: options.port ?? required((await findFreePorts(1))[0], 'a free port') };
    try {
      return await launch();
    } catch (error) {
      const taken = error instanceof AppError && error.code === 'port_taken';
      if (!taken || options.port !== undefined || attempt >= portAttemptsMax) throw error;
      return launchSomewhere(attempt + 1);
    }
  };

  let server = await launchSomewhere();
  let wanted = true;
  let starting: Promise<void> | undefined;
  const watch = async (watched: ServerProcess): Promise<void> => {
    await watched.ended;
    for (let failures = 0; wanted && options.revive && server === watched; failures += 1) {
      log.warn({ port: settings.port }, 'the private Redis died; starting it again');
      await pause(backoffMs(failures, reviveFirstMs, reviveMsMax));
      if (!wanted) return;
      starting = begin().catch((error: unknown) => log.error({ err: error }, 'the private Redis could not be started again'));
      await starting;
    }
  };
  const begin = async (): Promise<void> => {
    server = await launch();
    void watch(server);
  };
  const end = async (name: NodeJS.Signals): Promise<void> => {
    wanted = false;
    await starting;
    if (server.hasEnded()) return;
    const done = new AbortController();
    // A stopped process takes no orders until it goes on.
    server.signal('SIGCONT');
    server.signal(name);
    void pause(stopTimeoutMs, done.signal).then(() => done.signal.aborted || server.signal('SIGKILL'));
    await server.ended;
    done.abort();
  };
  void watch(server);
  log.info({ port: settings.port, pid: server.pid }, 'a private Redis is there');

  return {
    get url() {
      return `redis://:${password}@127.0.0.1:${settings.port}/0`;
    },
    get port() {
      return settings.port;
    },
    get pid() {
      return server.pid;
    },
    stop: () => end('SIGTERM'),
    async restart() {
      await end('SIGTERM');
      wanted = true;
      await begin();
    },
    kill: () => end('SIGKILL'),
    signal: (name) => server.signal(name),
    tail: () => server.tail(),
  };
}
