/** What the operating system knows about processes, and how one is ended. Linux reads /proc, other systems ask `ps`. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { pause } from '@souk/kernel';

const pollMs = 5;

/** A process, distinguished from a later one with the same number by when it started. */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

/** The signals of an orderly end, each with the time it is given before the next. */
export type StopSteps = readonly (readonly [signal: NodeJS.Signals, wait_ms: number])[];

/** Sends a signal to a process that may be gone already. */
export type SendSignal = (pid: number, signal: NodeJS.Signals) => void;

/** Whether a process of this number exists, ours or another's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Alive, and not merely a dead entry whose parent never asks for its end, as it stays in containers without an init. */
export function isRunning(pid: number): boolean {
  return isAlive(pid) && statFields(pid)[0] !== 'Z';
}

/** Who has this number now. It does not wait: a caller that writes it down right after a spawn leaves no moment in between. */
export function identityOf(pid: number): ProcessIdentity {
  if (process.platform !== 'linux') return { pid, started: ask('lstart', pid) };
  return { pid, started: `${textOf('/proc/sys/kernel/random/boot_id').trim()} ${statFields(pid)[19] ?? ''}` };
}

/** Reads a file that holds an identity as JSON; undefined when there is none. */
export function readIdentity(path: string): ProcessIdentity | undefined {
  const match = /^\{"pid":(\d+),"started":"([^"]*)"\}$/.exec(textOf(path));
  return match === null ? undefined : { pid: Number(match[1]), started: match[2] ?? '' };
}

/** Whether that process still runs. */
export function stillRuns({ pid, started }: ProcessIdentity): boolean {
  return isRunning(pid) && (started === '' || identityOf(pid).started === started);
}

/** The command line of a process, or '' when it cannot be read. */
export function commandOf(pid: number): string {
  if (process.platform !== 'linux') return ask('command', pid);
  return textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

/** The processes whose working folder is `folder` (Linux; elsewhere none is found): every process of a PostgreSQL server works in its data folder. */
export function processesIn(folder: string): number[] {
  const entries = process.platform === 'linux' ? readdirSync('/proc') : [];
  return entries.filter((entry) => /^\d+$/.test(entry) && workingFolder(entry) === folder).map(Number);
}

/** To the process group that a managed process leads, and so to all it started. */
export const signalGroup: SendSignal = (pid, signal) => {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** Waits until the process is gone; false when it still is there after `timeout_ms`. */
async function waitUntilGone(pid: number, timeout_ms: number): Promise<boolean> {
  for (const until_ms = performance.now() + timeout_ms; isRunning(pid); await pause(pollMs))
    if (performance.now() >= until_ms) return false;
  return true;
}

/** Ends a process step by step, each wait bounded; false when it outlives them all. */
export async function endProcess(
  pid: number,
  steps: StopSteps,
  report: (sentence: string) => void,
  send: SendSignal = signalGroup,
): Promise<boolean> {
  // A stopped process takes no orders until it goes on.
  if (isRunning(pid) && process.platform !== 'win32') send(pid, 'SIGCONT');
  for (const [signal, wait_ms] of steps) {
    if (!isRunning(pid)) return true;
    send(pid, signal);
    if (await waitUntilGone(pid, wait_ms)) return true;
    report(`did not stop within ${wait_ms / 1_000} s of ${signal}`);
  }
  return !isRunning(pid);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // It is not there (the process is gone), or another account's.
    if (error instanceof Error) return '';
    throw error;
  }
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch (error) {
    if (error instanceof Error) return ''; // As above.
    throw error;
  }
}

/** The fields of /proc/PID/stat behind the command's name, the first being the state. */
function statFields(pid: number): string[] {
  const text = textOf(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function ask(column: 'lstart' | 'command', pid: number): string {
  if (process.platform === 'win32') return '';
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch (error) {
    if (error instanceof Error) return ''; // There is no such process.
    throw error;
  }
}
