/** The shop as its own process tree, started the way `npm start` starts it, so that it can be killed like one. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { claimPortBlock } from '@souk/kernel/ports';
import { until } from '@souk/messaging/testing';

const main = fileURLToPath(new URL('../../../tools/cli/src/main.ts', import.meta.url));
/** A test that is killed leaves no shop behind: its standard input ends, and with that the shop. */
const endWithParent = import.meta.resolve('@souk/local-servers/end-with-parent');
const startLimitMs = 150_000;
/** The gateway, the services, and further gateways from base + 10. */
const ports_in_block = 14;

export interface ShopProcess {
  home: string;
  port_base: number;
  gateway_url: string;
  /** What it printed since its start. */
  output(): string;
  start(): Promise<void>;
  /** Ctrl-C. */
  interrupt(): Promise<number | null>;
  /** SIGKILL to it and everything it started, PostgreSQL included, all at once. */
  killTree(): Promise<void>;
  /** Runs `souk …` against it. */
  souk(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** The running processes whose command line matches. */
  pidsOf(command: RegExp): Promise<number[]>;
  /** Kills what is left and removes the home. */
  end(): Promise<void>;
}

/** `command` is what starts it: `['start']`, or `['up', …]` for a process for each service. */
export async function aShopProcess(env: Record<string, string> = {}, command: readonly string[] = ['start']): Promise<ShopProcess> {
  const home = await mkdtemp(join(tmpdir(), 'souk-process-'));
  // Open to all: root's PostgreSQL runs as another account, and would keep its data elsewhere, where it is never removed.
  await chmod(home, 0o755);
  const port_base = await claimPortBlock(ports_in_block);
  const variables = { ...process.env, SOUK_HOME: home, PORT_BASE: String(port_base), LOG_LEVEL: 'error', ...env };
  let child: ChildProcess | undefined;
  let output = '';

  const exited = (): Promise<number | null> =>
    new Promise((resolve) =>
      child === undefined || child.exitCode !== null || child.signalCode !== null
        ? resolve(child?.exitCode ?? null)
        : child.once('exit', resolve),
    );
  const killTree = async (): Promise<void> => {
    if (child?.pid === undefined) return;
    for (const pid of await family(child.pid)) kill(pid);
    await exited();
  };

  return {
    home,
    port_base,
    gateway_url: `http://127.0.0.1:${port_base}`,
    output: () => output,
    async start() {
      output = '';
      child = spawn(process.execPath, ['--import', endWithParent, main, ...command], { env: variables, stdio: 'pipe' });
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      await until(() => {
        if (child?.exitCode !== null) throw new Error(`the shop ended:\n${output}`);
        return output.includes('Ctrl-C stops') ? undefined : `not ready:\n${output}`;
      }, startLimitMs);
    },
    async interrupt() {
      child?.kill('SIGINT');
      return exited();
    },
    killTree,
    souk: (...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [main, ...args], { env: variables }, (error, stdout, stderr) => {
          resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
        });
      }),
    async pidsOf(wanted) {
      const pids = child?.pid === undefined ? [] : await family(child.pid);
      const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
      return pids.filter((_, index) => wanted.test((commands[index] ?? '').replaceAll('\0', ' ')));
    },
    async end() {
      await killTree();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The process and all its descendants, from /proc. */
async function family(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const members = [root];
  for (const member of members) for (const [child, parent] of parents) if (parent === member) members.push(child);
  return members;
}
