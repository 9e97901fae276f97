/** The distributed world as `npm run up` starts it, on the servers of a trial, with everything a trial does to it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause } from '@souk/kernel';
import { claimPortBlock } from '@souk/kernel/ports';
import { type Servers, startServers } from './servers.ts';

export interface RunningProcess {
  name: string;
  service: string;
  url: string;
  pid: number | null;
}

export interface Platform {
  servers: Servers;
  gateways: readonly string[];
  processes(): Promise<RunningProcess[]>;
  /** Runs `souk …` against it. */
  souk(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  close(): Promise<void>;
}

const main = fileURLToPath(new URL('../../../tools/cli/src/main.ts', import.meta.url));
const ports_in_block = 14;
const startLimitMs = 180_000;
const pollMs = 50;
const noLimits = {
  RATE_LIMIT: 'off',
  OPEN_ORDERS_MAX: '1000000',
  OPEN_PIECES_MAX: '1000000',
  SOUK_BENCH: '1',
  PASSWORD_MEMORY_KIB: '64',
  AUDIT_INTERVAL_MS: '0',
  LOG_LEVEL: 'error',
};

/** Starts it with so many replicas and resolves when it is up. */
export async function startPlatform(replicas: string): Promise<Platform> {
  const place = await mkdtemp(join(tmpdir(), 'souk-load-'));
  const home = join(place, 'home');
  const servers = await startServers(place);
  const port_base = await claimPortBlock(ports_in_block);
  const env = { ...process.env, ...noLimits, ...servers.env, SOUK_HOME: home, PORT_BASE: String(port_base) };
  const child = spawn(process.execPath, [main, 'up', '--replicas', replicas], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const close = async (): Promise<void> => {
    await endOf(child);
    await servers.close();
    await rm(place, { recursive: true, force: true });
  };
  const processes = async (): Promise<RunningProcess[]> => {
    const note = JSON.parse(await readFile(join(home, 'running.json'), 'utf8')) as { processes: RunningProcess[] };
    return note.processes;
  };
  try {
    for (const end = performance.now() + startLimitMs; !output.includes('Ctrl-C stops everything'); await pause(pollMs))
      if (child.exitCode !== null || performance.now() > end) throw new Error(`the platform did not start:\n${output}`);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    servers,
    gateways: (await processes()).filter(({ service }) => service === 'gateway').map(({ url }) => url),
    processes,
    souk: (...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
        );
      }),
    close,
  };
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
}
