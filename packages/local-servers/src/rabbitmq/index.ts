/**
 * A local RabbitMQ: the programs found in the PATH, run by this account with data, ports, node name and port mapper of
 * its own, so that a broker of the machine is neither touched nor needed. Works as root and as any other user.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError, type Log } from '@souk/kernel';
import { ManagedProcess } from '../managed-process.ts';
import type { StartFailure } from '../process-spec.ts';
import { answers } from '../readiness.ts';
import { findRabbitMq, type RabbitMqPrograms } from './programs.ts';
import { type RabbitMqSettings, writeSettings } from './settings.ts';

export interface LocalRabbitMqOptions {
  /** For data, password, log and process numbers; made when absent. One server at a time uses it. */
  folder: string;
  log: Log;
  /** PATH (and LANG) of the process: where `rabbitmq-server` is looked for and what the server inherits. */
  environment: Readonly<Record<string, string | undefined>>;
  /** For AMQP, on 127.0.0.1; a free one when absent. */
  port?: number;
  /** With the management plugin, on another free port (default false). */
  management?: boolean;
  /** With the plugin for Prometheus, on another free port (default false). */
  metrics?: boolean;
  /** Start it again whenever it dies without being asked to (default false). */
  revive?: boolean;
}

export interface LocalRabbitMq {
  /** With user and password. */
  url: string;
  port: number;
  /** With user and password; undefined without management. */
  management_url: string | undefined;
  /** Where Prometheus reads it; undefined without that plugin. */
  metrics_port: number | undefined;
  /** The process group of the server now; undefined while it is stopped. */
  pid(): number | undefined;
  /** Runs `rabbitmqctl` with these arguments against this server and answers what it printed. */
  ctl(...args: string[]): Promise<string>;
  /** Starts it again after `stop` or `kill`, on the same port and data. */
  start(): Promise<void>;
  /** Ends it in order: everything is written, clients are cut off. Bounded; safe to call again. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** SIGKILL, as a power cut would do. */
  kill(): Promise<void>;
  /** Stops it for good; with `remove`, deletes the folder. */
  close(options?: { remove?: boolean }): Promise<void>;
}

const readyWithinMs = 90_000;
const epmdReadyWithinMs = 5_000;
const ctlTimeoutMs = 60_000;
const pollMs = 25;
const startsMax = 3;
const outputName = 'output.log';
const portTaken = /dist_port_already_used|eaddrinuse/;
const probeTimeoutMs = 1_000;
const restart = { first_ms: 200, most_ms: 10_000, steady_ms: 30_000, when_not_ready: 'restart' } as const;
/** A server waits for the greeting of a client, and answers a wrong one with its own. */
const wrongGreeting = 'AMQP\x00\x00\x09\x01';
const run = promisify(execFile);

/**
 * Starts a local server and resolves when it takes connections. What an earlier, killed owner of the folder left
 * running is ended first. Errors: `service_unavailable` when RabbitMQ is not installed or does not start, with what it said.
 */
export async function startLocalRabbitMq(options: LocalRabbitMqOptions): Promise<LocalRabbitMq> {
  const { folder, port: wanted = 0, management = false, metrics = false, environment: inherited, log } = options;
  const programs = await findRabbitMq(inherited['PATH'] ?? '');
  if (programs === undefined) {
    const advice = 'Install it (apt-get install rabbitmq-server, brew install rabbitmq), or give AMQP_URL.';
    throw new AppError('service_unavailable', `There is no rabbitmq-server in the PATH. ${advice}`);
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const settings = await writeSettings({ folder, port: wanted, management, metrics, inherited });
  const output = join(folder, 'log', outputName);
  const { epmd, server } = processesOf(options, programs, settings);
  const ending = (end: () => Promise<void>) => async (): Promise<void> => {
    await end();
    await epmd.kill();
  };
  const stop = ending(() => server.stop());
  await startWithin(startsMax, server, stop, output);
  const { port, user, password, management_port, metrics_port } = settings;
  log.info({ port, pid: server.pid }, 'local RabbitMQ is ready');
  const address = (scheme: string, at: number): string => `${scheme}://${user}:${password}@127.0.0.1:${at}`;
  return {
    url: address('amqp', port),
    port,
    management_url: management_port === undefined ? undefined : address('http', management_port),
    metrics_port,
    pid: () => server.pid,
    ctl: async (...args) => (await run(programs.ctl, ['--quiet', ...args], { env: settings.env, timeout: ctlTimeoutMs })).stdout,
    start: () => startWithin(startsMax, server, stop, output),
    stop,
    async restart() {
      await stop();
      await startWithin(startsMax, server, stop, output);
    },
    kill: ending(() => server.kill()),
    async close({ remove = false } = {}) {
      await stop();
      if (remove) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A search for free ports listens on a port for a moment: a server that starts in that moment finds its own taken. It is started again. */
async function startWithin(starts: number, server: ManagedProcess, stop: () => Promise<void>, output: string): Promise<void> {
  try {
    await server.start();
  } catch (error) {
    await stop();
    // What it says of the port is followed by pages about what has ended with it.
    if (starts <= 1 || !portTaken.test(await readFile(output, 'utf8').catch(() => ''))) throw error;
    await startWithin(starts - 1, server, stop, output);
  }
}

/** They work in their own folder, where Erlang leaves what it writes when it dies. */
function processesOf(
  { folder, log, revive = false }: LocalRabbitMqOptions,
  programs: RabbitMqPrograms,
  { env, port, epmd_port }: RabbitMqSettings,
): { epmd: ManagedProcess; server: ManagedProcess } {
  const shared = { env, cwd: folder, poll_ms: pollMs, refuse };
  const reportOf = (name: string) => (sentence: string) => log.warn({ port }, `${name} ${sentence}`);
  // Without one of its own, Erlang would start a port mapper that outlives everything.
  const epmd = new ManagedProcess({
    ...shared,
    name: 'The port mapper of Erlang',
    output: join(folder, 'log', 'epmd.log'),
    command: programs.epmd,
    args: ['-port', String(epmd_port)],
    pid_file: join(folder, 'epmd.pid'),
    isReady: () => answers(epmd_port, { timeout_ms: probeTimeoutMs }),
    ready_within_ms: epmdReadyWithinMs,
    stop_steps: [['SIGKILL', epmdReadyWithinMs]],
    report: reportOf('epmd'),
  });
  const server = new ManagedProcess({
    ...shared,
    name: 'RabbitMQ',
    output: join(folder, 'log', outputName),
    command: programs.server,
    args: [],
    pid_file: join(folder, 'rabbitmq.pid'),
    beforeStart: () => epmd.start(),
    isReady: () => answers(port, { timeout_ms: probeTimeoutMs, greeting: wrongGreeting }),
    ready_within_ms: readyWithinMs,
    stop_steps: [
      ['SIGTERM', 30_000],
      ['SIGKILL', 5_000],
    ],
    restart: revive ? restart : undefined,
    report: reportOf('RabbitMQ'),
  });
  return { epmd, server };
}

function refuse({ sentence, tail, cause }: StartFailure): AppError {
  return new AppError('service_unavailable', `${sentence} It said:\n${tail}`, {}, cause);
}
