import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Account, keptAccounts, keptSecret, makeHome } from '@souk/constellation';
import { refusal, serviceNames } from '@souk/contracts';
import { required } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { createLog } from '@souk/service-kit';
import { type CliConfig, readConfig } from '../config.ts';
import { findRunning, forgetRunning, noteRunning, type RunningPlatform } from '../running.ts';
import { type Progress, startProgress } from '../terminal.ts';
import type { ProgramSpec } from '../up/child.ts';
import { type DistributedWorld, openDistributedWorld } from '../up/distributed-world.ts';
import { needFree } from '../up/free-ports.ts';
import { createLinePrinter, type LinePrinter } from '../up/log-lines.ts';
import { fixedPorts, freePortsNeeded, type Instance, keepers, planInstances } from '../up/plan.ts';
import { readyText } from '../up/ready-text.ts';
import { parseReplicas, type Replicas } from '../up/replicas.ts';
import { runOnce } from '../up/run-once.ts';
import { createSupervisor, type Supervisor } from '../up/supervisor.ts';

/** The note of a distributed platform: also its processes, for whoever looks after them. */
interface RunningProcesses extends RunningPlatform {
  world: 'distributed';
  processes: { name: string; service: string; url: string; pid: number | null }[];
}

interface Up {
  config: CliConfig;
  world: DistributedWorld;
  instances: readonly Instance[];
  supervisor: Supervisor;
  printer: LinePrinter;
  accounts: readonly Account[];
  /** The accounts are new: this is the first start of the home, or their passwords had been lost. */
  first_start: boolean;
}

const root = new URL('../../../../', import.meta.url);
const endWithParent = new URL('../up/end-with-parent.ts', import.meta.url).href;
const stopLimitMs = 60_000;
/** Of one process: its pool, its listener and what a service has besides (the sandbox provider, migrations). */
const connectionsOfOne = 8;
const connectionsSpare = 30;

/** Runs the distributed world, each service in processes of its own, until it is told to stop. */
export async function up(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { replicas: { type: 'string', default: '' } } });
  const replicas = parseReplicas(values.replicas);
  const config = readConfig();
  const running = await findRunning(config.home);
  if (running)
    throw refusal('already_running', `The shop in ${config.home} is running already: ${running.gateway_url} (process ${running.pid}).`);
  await needFree(fixedPorts(replicas, config.port_base));
  await makeHome(config.home);
  const stopping = new AbortController();
  const told = whenTold();
  void told.then(() => stopping.abort());
  const started = performance.now();
  const progress = startProgress();
  const platform = await bringUp(config, replicas, progress, stopping.signal);
  if (platform) {
    progress.done();
    process.stdout.write(
      await readyText({ ...platform, home: config.home, pids: platform.supervisor.pids(), seconds: (performance.now() - started) / 1_000 }),
    );
  }
  const signal = await told;
  if (platform) await takeDown(platform, signal);
  else progress.done(`${signal}: stopped before everything was up.`);
  return 0;
}

/** Undefined when it was told to stop meanwhile; what was started is stopped again then, and when a part cannot start. */
async function bringUp(config: CliConfig, replicas: Replicas, progress: Progress, stopping: AbortSignal): Promise<Up | undefined> {
  const printer = createLinePrinter({
    // On a terminal the line of progress may stand where the next line is to begin.
    write: (text) => process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}` : text),
    colours: process.stdout.isTTY === true && !config.env['NO_COLOR'],
    name_width: Math.max(...serviceNames.map((name) => `${name}-${replicas[name]}`.length)),
    raw: config.log_format === 'json' || (config.log_format === 'auto' && process.stdout.isTTY !== true),
  });
  const own = { write: (text: string) => printer.lines('souk', text.trimEnd()) };
  const log = createLog({ level: config.log_level, format: 'json', destination: own });
  const processes = Object.values(replicas).reduce((sum, count) => sum + count, 0);
  let world: DistributedWorld | undefined;
  let supervisor: Supervisor | undefined;
  try {
    const connections_max = processes * connectionsOfOne + connectionsSpare;
    world = await openDistributedWorld({ ...config, log, connections_max, progress: (sentence) => progress.say(sentence) });
    const instances = await planned(config, replicas, world);
    supervisor = createSupervisor({ printer, changed: () => void noteAgain() });
    // They are made and written down when accounts and catalogue are seen to.
    const first_start = (await keptAccounts(config.home)).created;
    const platform: Up = { config, world, instances, printer, supervisor, accounts: [], first_start };
    let isUp = false;
    const noteAgain = async (): Promise<void> => {
      if (isUp && !stopping.aborted) await note(platform);
    };
    await startProcesses(platform, progress, stopping);
    isUp = true;
    platform.accounts = (await keptAccounts(config.home)).accounts;
    await note(platform);
    return platform;
  } catch (error) {
    if (world) progress.say('stopping what was started');
    await supervisor?.stop();
    await world?.stop();
    if (stopping.aborted) return undefined;
    progress.done();
    throw error;
  }
}

async function planned(config: CliConfig, replicas: Replicas, world: DistributedWorld): Promise<Instance[]> {
  const { home, port_base, env, log_level } = config;
  const internal_token = await keptSecret(home, 'internal_token');
  const free_ports = await findFreePorts(freePortsNeeded(replicas), fixedPorts(replicas, port_base));
  return planInstances({ ...world, replicas, port_base, free_ports, home, internal_token, env: { ...env, LOG_LEVEL: log_level } });
}

/** Whoever verifies tokens asks users for its keys, and whoever is ready registers at the gateways. */
async function startProcesses(platform: Up, progress: Progress, stopping: AbortSignal): Promise<void> {
  const { instances, supervisor } = platform;
  const stage = async (sentence: string, chosen: (instance: Instance) => boolean): Promise<void> => {
    stopping.throwIfAborted();
    progress.say(sentence);
    const started = supervisor.start(instances.filter(chosen).map(asProgram));
    const told = new Promise<never>((_, reject) => stopping.addEventListener('abort', () => reject(stopping.reason), { once: true }));
    await Promise.race([started, told]);
  };
  const isFirst = ({ service }: Instance): boolean => service === 'users' || service === 'gateway';
  await stage('starting users and the gateway', isFirst);
  await stage('starting the other services', (instance) => !isFirst(instance));
  progress.say('seeing to accounts and catalogue');
  await furnish(platform, stopping);
}

/**
 * The services share one machine: helpers of the garbage collector would only take each other's cores and wait there. A
 * young generation that holds what some dozens of requests leave behind is swept seldom, when nearly all of it is dead.
 */
const nodeFlags = ['--single-threaded-gc', '--min-semi-space-size=16', '--max-semi-space-size=32'];

function asProgram({ service, name, url, env }: Instance): ProgramSpec {
  const main = fileURLToPath(new URL(`services/${service}/src/main.ts`, root));
  return {
    name,
    command: process.execPath,
    args: [...nodeFlags, '--import', endWithParent, main],
    env,
    ready_url: `${url}/health/ready`,
    // The gateways first: they stop letting requests in while the services behind them still answer.
    stop_stage: service === 'gateway' ? 0 : 1,
  };
}

async function furnish({ config, world, instances, printer }: Up, stopping: AbortSignal): Promise<void> {
  const users = required(
    instances.find(({ service }) => service === 'users'),
    'an instance of users',
  );
  const urls = Object.fromEntries(keepers.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, world.database_urls[name]]));
  const env = { ...users.env, ...urls, SOUK_HOME: config.home, SOUK_SAMPLE: config.sample ? '1' : '0', INSTANCE_ID: 'furnish' };
  const main = fileURLToPath(new URL('../up/furnish-main.ts', import.meta.url));
  await runOnce({ name: 'furnish', command: process.execPath, args: ['--import', endWithParent, main], env }, printer, stopping);
}

async function note({ config, world, instances, supervisor }: Up): Promise<void> {
  const pids = supervisor.pids();
  const firstOf = (service: string): string => instances.find((each) => each.service === service)?.url ?? '';
  const running: RunningProcesses = {
    pid: process.pid,
    started_at: new Date().toISOString(),
    gateway_url: firstOf('gateway'),
    urls: Object.fromEntries(['gateway', ...keepers].map((service) => [service, firstOf(service)])),
    postgres_port: world.postgres_port,
    world: 'distributed',
    processes: instances.map(({ name, service, url }) => ({ name, service, url, pid: pids[name] ?? null })),
  };
  await noteRunning(config.home, running);
}

/** Resolves with the first signal. The same Ctrl-C may come twice within moments: from the terminal and from npm. */
function whenTold(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
  });
}

async function takeDown({ config, world, supervisor }: Up, signal: NodeJS.Signals): Promise<void> {
  const progress = startProgress();
  const started = performance.now();
  const limit = setTimeout(() => {
    progress.done('souk: it did not stop in time; what is left is picked up at the next start.');
    process.exit(1);
  }, stopLimitMs);
  progress.say(`${signal}: stopping the services`);
  await supervisor.stop();
  progress.say('stopping the brokers and PostgreSQL');
  await world.stop();
  await forgetRunning(config.home);
  clearTimeout(limit);
  progress.done(`Souk has stopped (${((performance.now() - started) / 1_000).toFixed(1)} s). Everything is kept in ${config.home}.`);
}
