/**
 * A private RabbitMQ: the programs found in the PATH, run by this account with data, ports, node name and port mapper of
 * its own, so that a broker of the machine is neither touched nor needed. Works as root and as anybody else.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError, type Log, pause } from '@souk/kernel';
import { findRabbit, type RabbitPrograms } from './find-rabbit.ts';
import { type PrivateSettings, writeSettings } from './private-settings.ts';

export interface PrivateRabbitOptions {
  /** For data, password, log and pid files; made when absent. One server at a time uses it. */
  folder: string;
  log: Log;
  /** PATH (and LANG) of the process: where `rabbitmq-server` is looked for and what the server inherits. */
  environment: NodeJS.ProcessEnv;
  /** For AMQP, on 127.0.0.1; a free one when absent. */
  port?: number;
  /** With the management plugin, on another free port (default false). */
  management?: boolean;
  /** With the plugin for Prometheus, on another free port (default false). */
  figures?: boolean;
}

export interface PrivateRabbit {
  /** With user and password. */
  url: string;
  port: number;
  /** With user and password; undefined without management. */
  management_url: string | undefined;
  /** Where Prometheus reads it; undefined without that plugin. */
  figures_port: number | undefined;
  /** The process group of the server now; undefined while it is stopped. */
  pid(): number | undefined;
  /** Runs `rabbitmqctl` with these arguments against this server and answers what it printed. */
  ctl(...args: string[]): Promise<string>;
  /** Resolves when the running server has ended, wanted or not. */
  ended(): Promise<void>;
  /** Starts it again after `stop` or `kill`, on the same port and data. */
  start(): Promise<void>;
  /** Ends it in order: everything is written, clients are cut off. Bounded; safe to call again. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** SIGKILL, as a power cut would do. */
  kill(): Promise<void>;
  /** Stops it and ends the port mapper; with `remove`, deletes the folder. */
  close(options?: { remove?: boolean }): Promise<void>;
}

const readyTimeoutMs = 90_000;
const portMapperTimeoutMs = 5_000;
const stopTimeoutMs = 30_000;
const ctlTimeoutMs = 60_000;
const pollMs = 25;
const saidCharsMax = 2_000;
const run = promisify(execFile);

/**
 * Starts a private server and resolves when it takes connections. What an earlier, killed owner of the folder left
 * running is ended first. Errors: `service_unavailable` when RabbitMQ is not installed or does not start, with what it said.
 */
export async function startPrivateRabbit(options: PrivateRabbitOptions): Promise<PrivateRabbit> {
  const programs = await findRabbit(options.environment['PATH'] ?? '');
  if (programs === undefined) {
    const advice = 'Install it (apt-get install rabbitmq-server, brew install rabbitmq), or give AMQP_URL.';
    throw new AppError('service_unavailable', `There is no rabbitmq-server in the PATH. ${advice}`);
  }
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await endLeftovers(options.folder, options.log);
  const { folder, port = 0, management = false, figures = false, environment: inherited } = options;
  const settings = await writeSettings({ folder, port, management, figures, inherited });
  const server = new PrivateServer(options, programs, settings);
  await server.start();
  const address = (scheme: string, at: number): string => `${scheme}://${settings.user}:${settings.password}@127.0.0.1:${at}`;
  return {
    url: address('amqp', settings.port),
    port: settings.port,
    management_url: settings.management_port === undefined ? undefined : address('http', settings.management_port),
    figures_port: settings.figures_port,
    pid: () => server.pid(),
    ctl: (...args) => server.ctl(args),
    ended: () => server.ended(),
    start: () => server.start(),
    stop: () => server.stop(),
    async restart() {
      await server.stop();
      await server.start();
    },
    kill: () => server.kill(),
    close: ({ remove = false } = {}) => server.close(remove),
  };
}

class PrivateServer {
  readonly #options: PrivateRabbitOptions;
  readonly #programs: RabbitPrograms;
  readonly #settings: PrivateSettings;
  #server: ChildProcess | undefined;
  #epmd: ChildProcess | undefined;

  constructor(options: PrivateRabbitOptions, programs: RabbitPrograms, settings: PrivateSettings) {
    this.#options = options;
    this.#programs = programs;
    this.#settings = settings;
  }

  pid(): number | undefined {
    return alive(this.#server) ? this.#server?.pid : undefined;
  }

  async ctl(args: readonly string[]): Promise<string> {
    const { stdout } = await run(this.#programs.ctl, ['--quiet', ...args], { env: this.#settings.env, timeout: ctlTimeoutMs });
    return stdout;
  }

  ended(): Promise<void> {
    return exited(this.#server);
  }

  async start(): Promise<void> {
    if (alive(this.#server)) return;
    const { folder, log } = this.#options;
    const { env, epmd_port } = this.#settings;
    const output = await open(join(folder, 'log', 'output.log'), 'a', 0o600);
    try {
      // Without one of its own, Erlang would start a port mapper that outlives everything.
      this.#epmd = launch(this.#programs.epmd, ['-port', String(epmd_port)], env, output.fd);
      for (const end = performance.now() + portMapperTimeoutMs; !(await takesConnections(epmd_port)) && performance.now() < end; )
        await pause(pollMs);
      this.#server = launch(this.#programs.server, [], env, output.fd);
    } finally {
      await output.close();
    }
    await writeFile(join(folder, 'pids'), `${this.#epmd?.pid}\n${this.#server.pid}\n`);
    await this.#untilReady(this.#server);
    log.info({ port: this.#settings.port, pid: this.#server.pid }, 'a private RabbitMQ takes connections');
  }

  async stop(): Promise<void> {
    await endGroup(this.#server, this.#options.log);
    await this.#endPortMapper();
  }

  async kill(): Promise<void> {
    if (alive(this.#server)) signalGroup(this.#server?.pid, 'SIGKILL');
    await exited(this.#server);
    await this.#endPortMapper();
  }

  async close(remove: boolean): Promise<void> {
    await this.stop();
    if (remove) await rm(this.#options.folder, { recursive: true, force: true });
  }

  async #endPortMapper(): Promise<void> {
    if (alive(this.#epmd)) signalGroup(this.#epmd?.pid, 'SIGKILL');
    await exited(this.#epmd);
    await rm(join(this.#options.folder, 'pids'), { force: true });
  }

  async #untilReady(server: ChildProcess): Promise<void> {
    const end = performance.now() + readyTimeoutMs;
    while (alive(server) && performance.now() < end) {
      if (await answersAmqp(this.#settings.port)) return;
      await pause(pollMs);
    }
    await this.close(false);
    const said = await readFile(join(this.#options.folder, 'log', 'output.log'), 'utf8');
    throw new AppError('service_unavailable', `The private RabbitMQ did not start. It said:\n${said.slice(-saidCharsMax)}`);
  }
}

/** In a process group of its own: a Ctrl-C is for its owner, who ends it in order, and a kill reaches all of it. */
function launch(program: string, args: readonly string[], env: NodeJS.ProcessEnv, output: number): ChildProcess {
  const child = spawn(program, args, { env, stdio: ['ignore', output, output], detached: true });
  child.on('error', () => child.emit('exit', null, null));
  child.unref();
  return child;
}

function alive(child: ChildProcess | undefined): boolean {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function exited(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || !alive(child)) return Promise.resolve();
  child.ref();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function endGroup(child: ChildProcess | undefined, log: Log): Promise<void> {
  if (!alive(child)) return;
  const { pid } = child as ChildProcess;
  // The group, because the shell around the server passes nothing on while it waits for a child that is not there yet.
  signalGroup(pid, 'SIGTERM');
  const impatient = setTimeout(() => {
    log.warn({ pid }, 'RabbitMQ does not end; it is killed');
    signalGroup(pid, 'SIGKILL');
  }, stopTimeoutMs);
  await exited(child);
  clearTimeout(impatient);
  signalGroup(pid, 'SIGKILL');
}

/** Ends what an earlier owner left; a pid that means something else by now is recognised by its environment. */
async function endLeftovers(folder: string, log: Log): Promise<void> {
  const pids = (await readFile(join(folder, 'pids'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  for (const pid of pids.map(Number)) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.includes(`RABBITMQ_LOG_BASE=${join(folder, 'log')}`)) continue;
    log.warn({ pid }, 'a private RabbitMQ of an earlier run is still there; it is ended');
    signalGroup(pid, 'SIGKILL');
    while (
      await readFile(`/proc/${pid}/environ`)
        .then((read) => read.length > 0)
        .catch(() => false)
    )
      await pause(pollMs);
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ port, host: '127.0.0.1' });
    const answer = (good: boolean) => () => {
      socket.destroy();
      resolve(good);
    };
    socket.once('connect', answer(true));
    socket.once('error', answer(false));
  });
}

/** Whether a server speaks on the port: it waits for our greeting, and answers a wrong one with its own. */
function answersAmqp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ port, host: '127.0.0.1' });
    const answer = (good: boolean) => () => {
      socket.destroy();
      resolve(good);
    };
    socket.setTimeout(1_000, answer(false));
    socket.once('connect', () => socket.write('AMQP\x00\x00\x09\x01'));
    socket.once('data', answer(true));
    socket.once('error', answer(false));
    socket.once('close', answer(false));
  });
}
