import { parseArgs } from 'node:util';
import { refusal, serviceNames } from '@souk/contracts';
import { buildFaces, type FacesBuild } from '@souk/faces';
import { systemClock } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import {
  type Account,
  createLinePrinter,
  createSupervisor,
  fixedPorts,
  freePortsNeeded,
  type Instance,
  keptAccounts,
  keptInternalToken,
  type LinePrinter,
  makeHome,
  needFree,
  type OpenedDrills,
  openDrills,
  parseReplicas,
  planInstances,
  processFaults,
  type Replicas,
  type Servers,
  type Supervisor,
  startProcesses,
  startServers,
} from '@souk/platform';
import { createLog } from '@souk/telemetry';
import { type CliConfig, readConfig } from '../config.ts';
import { findRunning, openRunningFile, type RunningFile, type RunningPlatform } from '../running.ts';
import { type Progress, startProgress, surviveLostOutput } from '../terminal.ts';
import { upText } from '../up-text.ts';

/** The note of a distributed platform: also its processes, for tools that watch them. */
interface RunningProcesses extends RunningPlatform {
  world: 'distributed';
  processes: { name: string; service: string; url: string; pid: number | null }[];
}

interface Up {
  config: CliConfig;
  servers: Servers;
  instances: readonly Instance[];
  supervisor: Supervisor;
  printer: LinePrinter;
  accounts: readonly Account[];
  running_file: RunningFile;
  /** Undefined where none are allowed. */
  drills: OpenedDrills | undefined;
  /** The accounts are new: this is the first start of the home, or their passwords had been lost. */
  first_start: boolean;
}

const stopLimitMs = 60_000;
/** Of one process: its pool, its listener and what a service has besides (the sandbox provider, migrations). */
const connectionsOfOne = 8;
const connectionsSpare = 30;

/** Runs the distributed world, each service in processes of its own, until a signal stops it. */
export async function up(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { replicas: { type: 'string', default: '' } } });
  const replicas = parseReplicas(values.replicas);
  const config = readConfig();
  const running = await findRunning(config.home);
  if (running)
    throw refusal('already_running', `The shop in ${config.home} is running already: ${running.gateway_url} (process ${running.pid}).`);
  await needFree(fixedPorts(replicas, config.port_base));
  await makeHome(config.home);
  surviveLostOutput();
  const stopping = new AbortController();
  const signalled = stopSignal();
  void signalled.then(() => stopping.abort());
  const started = performance.now();
  const progress = startProgress();
  const platform = await bringUp(config, replicas, progress, stopping.signal);
  if (platform) {
    progress.done();
    process.stdout.write(
      await upText({ ...platform, home: config.home, pids: platform.supervisor.pids(), seconds: (performance.now() - started) / 1_000 }),
    );
  }
  const signal = await signalled;
  if (platform) await takeDown(platform, signal);
  else progress.done(`${signal}: stopped before everything was up.`);
  return 0;
}

/** Undefined when it was stopped meanwhile; what was started is stopped again then, and when a part cannot start. */
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
  let servers: Servers | undefined;
  let supervisor: Supervisor | undefined;
  let drills: OpenedDrills | undefined;
  try {
    // While the servers start; the services do not wait for it.
    const faces = buildFaces();
    const connections_max = processes * connectionsOfOne + connectionsSpare;
    servers = await startServers({ ...config, log, connections_max, progress: (sentence) => progress.say(sentence) });
    const internal_token = await keptInternalToken(config.home);
    drills = config.drills ? await openDrills({ internal_token, clock: systemClock, log }) : undefined;
    const instances = await planned(config, { replicas, servers, faces, internal_token, drills_url: drills?.url });
    const running_file = openRunningFile(config.home, (error) =>
      log.warn({ err: error }, 'running.json could not be written; other commands may not find this platform'),
    );
    let isUp = false;
    supervisor = createSupervisor({
      printer,
      changed: () => {
        if (isUp && !stopping.aborted) void running_file.write(() => runningProcesses(platform));
      },
    });
    // They are made and written down when accounts and catalogue are seen to.
    const first_start = (await keptAccounts(config.home)).created;
    const platform: Up = { config, servers, instances, printer, supervisor, running_file, drills, accounts: [], first_start };
    await startProcesses({ ...platform, ...config, progress: (sentence) => progress.say(sentence), stopping });
    isUp = true;
    drills?.begin(processFaults(platform), instances.find(({ service }) => service === 'operations')?.url ?? '');
    platform.accounts = (await keptAccounts(config.home)).accounts;
    await running_file.write(() => runningProcesses(platform));
    return platform;
  } catch (error) {
    if (servers) progress.say('stopping what was started');
    await drills?.close();
    await supervisor?.stop();
    await servers?.stop();
    if (stopping.aborted) return undefined;
    progress.done();
    throw error;
  }
}

interface Given {
  replicas: Replicas;
  servers: Servers;
  faces: FacesBuild;
  internal_token: string;
  drills_url: string | undefined;
}

async function planned(config: CliConfig, { replicas, servers, faces, internal_token, drills_url }: Given): Promise<Instance[]> {
  const { home, port_base, env, log_level } = config;
  const free_ports = await findFreePorts(freePortsNeeded(replicas), fixedPorts(replicas, port_base));
  return planInstances({
    ...servers,
    replicas,
    port_base,
    free_ports,
    home,
    internal_token,
    drills_url,
    env: { FACES_FOLDER: faces.folder, ...env, LOG_LEVEL: log_level },
  });
}

function runningProcesses({ servers, instances, supervisor }: Up): RunningProcesses {
  const pids = supervisor.pids();
  const firstOf = (service: string): string => instances.find((each) => each.service === service)?.url ?? '';
  return {
    pid: process.pid,
    started_at: new Date().toISOString(),
    gateway_url: firstOf('gateway'),
    urls: Object.fromEntries(serviceNames.map((service) => [service, firstOf(service)])),
    postgres_port: servers.postgres_port,
    world: 'distributed',
    processes: instances.map(({ name, service, url }) => ({ name, service, url, pid: pids[name] ?? null })),
  };
}

/** Resolves with the first signal. The same Ctrl-C may come twice within moments: from the terminal and from npm. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
  });
}

async function takeDown({ config, servers, supervisor, running_file, drills }: Up, signal: NodeJS.Signals): Promise<void> {
  const progress = startProgress();
  const started = performance.now();
  const limit = setTimeout(() => {
    progress.done('souk: it did not stop in time; what is left is picked up at the next start.');
    process.exit(1);
  }, stopLimitMs);
  progress.say(`${signal}: stopping the services`);
  await drills?.close();
  await supervisor.stop();
  progress.say('stopping the brokers and PostgreSQL');
  await servers.stop();
  await running_file.remove();
  clearTimeout(limit);
  progress.done(`Souk has stopped (${((performance.now() - started) / 1_000).toFixed(1)} s). Everything is kept in ${config.home}.`);
}
