/** What the operating system knows about processes; Linux reads /proc, other systems ask `ps`. */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { pause } from '@souk/kernel';

const run = promisify(execFile);
const pollMs = 5;

/** Whether a process of this number exists, ours or another's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Waits until the process is gone; false when it still is there after `timeout_ms`. */
export async function waitUntilGone(pid: number, timeout_ms: number): Promise<boolean> {
  const until_ms = performance.now() + timeout_ms;
  while (await isRunning(pid)) {
    if (performance.now() >= until_ms) return false;
    await pause(pollMs);
  }
  return true;
}

/** Alive, and not merely a dead entry whose parent never asks for its end, as it stays in containers without an init. */
export async function isRunning(pid: number): Promise<boolean> {
  return isAlive(pid) && (await statFields(pid))[0] !== 'Z';
}

/** The fields of /proc/PID/stat behind the command's name, the first being the state. */
async function statFields(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Tells one process from a later one with the same number: when it started, in a form of the system's own. */
export async function startMark(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return `${boot.trim()} ${(await statFields(pid))[19] ?? ''}`;
  }
  return ask('lstart', pid);
}

/** The command line of a process, or '' when it cannot be read. */
export async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ').trim();
  }
  return ask('command', pid);
}

async function ask(column: 'lstart' | 'command', pid: number): Promise<string> {
  if (process.platform === 'win32') return '';
  const { stdout } = await run('ps', ['-o', `${column}=`, '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim();
}

/** The processes whose working folder is `folder` (Linux; elsewhere none is found): every process of a PostgreSQL server works in its data folder. */
export async function processesIn(folder: string): Promise<number[]> {
  const entries = process.platform === 'linux' ? await readdir('/proc') : [];
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_, index) => folders[index] === folder);
}
