/** A local Redis from the PATH, for machines on which none is given: on 127.0.0.1, with a random password. */
import { randomBytes } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Log } from '@souk/kernel';
import { ManagedProcess } from '../managed-process.ts';
import { startOnPort } from '../ports.ts';
import type { StartFailure } from '../process-spec.ts';
import { answers } from '../readiness.ts';
import { keptPassword, type RedisSettings, writeSettings } from './settings.ts';

export interface LocalRedisOptions {
  /** Its own folder, made when it is absent: settings with the password (0600), log, and the data with `appendonly`. */
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

export interface LocalRedis {
  /** With the password: never log it. */
  url: string;
  port: number;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Ends it in order; it may be started again. */
  stop(): Promise<void>;
  /** Starts it again on the same port with the same password, after a stop if it runs. */
  restart(): Promise<void>;
  /** Kills it as a crash would, and does not revive it. */
  kill(): Promise<void>;
  /** For tests: `SIGSTOP` makes it hang, `SIGCONT` go on. */
  signal(name: NodeJS.Signals): void;
}

const readyWithinMs = 30_000;
const pollMs = 10;
const probeTimeoutMs = 1_000;
const restart = { first_ms: 50, most_ms: 5_000, steady_ms: 30_000, when_not_ready: 'restart' } as const;

/**
 * Starts a server for us alone. One that a crashed run left in the same folder is ended first.
 * Errors: `redis_server_missing`, `port_taken`, `redis_server_failed`.
 */
export async function startLocalRedis(options: LocalRedisOptions): Promise<LocalRedis> {
  const { log, appendonly = false } = options;
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const folder = await realpath(options.folder);
  const password = (await keptPassword(folder)) ?? randomBytes(24).toString('hex');
  const { server, port } = await startOnPort(options.port, async (port) => {
    const server = serverOn({ port, password, appendonly }, { ...options, folder });
    await server.start();
    return { server, port };
  });
  log.info({ port, pid: server.pid }, 'local Redis is ready');
  return {
    url: `redis://:${password}@127.0.0.1:${port}/0`,
    port,
    get pid() {
      return server.pid;
    },
    stop: () => server.stop(),
    restart: () => server.restart(),
    kill: () => server.kill(),
    signal: (name) => server.signal(name),
  };
}

function serverOn(settings: RedisSettings, { folder, log, revive = false, program = 'redis-server' }: LocalRedisOptions): ManagedProcess {
  const { port, password } = settings;
  return new ManagedProcess({
    name: 'Redis',
    command: program,
    args: [join(folder, 'redis.conf')],
    cwd: folder,
    output: join(folder, 'server.log'),
    pid_file: join(folder, 'redis.pid'),
    beforeStart: () => writeSettings(folder, settings),
    // The server that accepts the password is ours.
    isReady: () => answers(port, { greeting: `AUTH ${password}\r\nPING\r\n`, answer: '+OK\r\n+PONG', timeout_ms: probeTimeoutMs }),
    poll_ms: pollMs,
    ready_within_ms: readyWithinMs,
    stop_steps: [
      ['SIGTERM', 5_000],
      ['SIGKILL', 5_000],
    ],
    restart: revive ? restart : undefined,
    report: (sentence) => log.warn({ port }, `Redis ${sentence}`),
    refuse: (failure) => refuse(failure, program, port),
  });
}

function refuse({ sentence, tail, cause }: StartFailure, program: string, port: number): AppError {
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    const advice = 'install it ("apt-get install redis-server" or "brew install redis"), or set REDIS_URL';
    return new AppError('redis_server_missing', `There is no ${program} in the PATH: ${advice}.`, {}, cause);
  }
  if (tail.includes('Address already in use')) return new AppError('port_taken', `Port ${port} is taken.`, { port });
  return new AppError('redis_server_failed', `${sentence} It said:\n${tail}`, {}, cause);
}
