/** A process that was started here and all that came of it, from /proc. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pause } from '@souk/kernel';

const main = fileURLToPath(new URL('../../../tools/cli/src/main.ts', import.meta.url));
/** A proof that is killed leaves no shop behind: its standard input ends, and with that the shop. */
const endWithParent = import.meta.resolve('@souk/local-servers/end-with-parent');
const startLimitMs = 180_000;
const pollMs = 50;
const saidMost = 20_000;

export interface Program {
  /** Resolves when the shop says that it is up. */
  start(): Promise<void>;
  isRunning(): boolean;
  pid(): number | undefined;
  /** Ids of the process and its descendants whose command line matches. */
  pidsOf(command: RegExp): Promise<number[]>;
  /** SIGKILL to all of them at once. */
  kill(): Promise<void>;
  interrupt(): Promise<void>;
  souk(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** What it wrote last. */
  said(): string;
}

/** `souk` with these words; commands against it run with `command_env`. */
export function createProgram(words: readonly string[], env: NodeJS.ProcessEnv, command_env: NodeJS.ProcessEnv): Program {
  let child: ChildProcess | undefined;
  let output = '';
  const isRunning = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  const ended = (): Promise<void> => new Promise((resolve) => (isRunning() ? child?.once('exit', () => resolve()) : resolve()));
  const pids = async (): Promise<number[]> => (child?.pid === undefined ? [] : familyOf(child.pid));
  return {
    isRunning,
    said: () => output,
    pid: () => child?.pid,
    async start() {
      let since_start = '';
      const starting = spawn(process.execPath, ['--import', endWithParent, main, ...words], { env, stdio: 'pipe' });
      child = starting;
      for (const stream of [starting.stdout, starting.stderr])
        stream.on('data', (chunk: Buffer) => {
          output = (output + chunk).slice(-saidMost);
          since_start = (since_start + chunk).slice(-saidMost);
        });
      for (const end = performance.now() + startLimitMs; !/Ctrl-C stops/.test(since_start); await pause(pollMs))
        if (!isRunning() || performance.now() > end) throw new Error(`the shop did not start:\n${since_start}`);
    },
    async pidsOf(command) {
      const all = await pids();
      const lines = await Promise.all(all.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
      return all.filter((_, index) => command.test((lines[index] ?? '').replaceAll('\0', ' ')));
    },
    async kill() {
      for (const pid of await pids()) signal(pid, 'SIGKILL');
      await ended();
    },
    async interrupt() {
      if (isRunning()) child?.kill('SIGINT');
      await ended();
    },
    souk: (...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [main, ...args], { env: command_env, maxBuffer: 64 * 1_048_576 }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
        );
      }),
  };
}

/** One that is gone already needs no signal. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function familyOf(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const members = [root];
  for (const member of members) for (const [pid, parent] of parents) if (parent === member) members.push(pid);
  return members;
}
