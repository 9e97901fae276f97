/**
 * The server process as its data folder shows it. A server outlives a launcher that was killed; the next launcher stops
 * it properly. `postmaster.pid` may also be left by a crash and its number belong to another process by now, or to the
 * dead entry of the server, which PostgreSQL would take for a living one: such a file is not deleted, because it also holds the key by which PostgreSQL finds surviving workers; only its number is
 * made one that cannot exist.
 */
import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Log } from '@souk/kernel';
import { commandOf, endProcess, isAlive, isRunning, processesIn, type SendSignal, type StopSteps } from '../processes.ts';

const quickStopMs = 5_000;
const impossiblePid = 1_999_999_999;

/** Fast (clients are cut off, everything is written), then at once, then by force. */
export const stopSteps: StopSteps = [
  ['SIGINT', 15_000],
  ['SIGQUIT', quickStopMs],
  ['SIGKILL', quickStopMs],
];

export interface Postmaster {
  pid: number;
  port: number;
  /** `starting`, `ready`, `stopping`. */
  status: string;
}

/** What `postmaster.pid` says, undefined when there is none. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() } : undefined;
}

/** To the one process, which ends its workers itself. Windows has no signals; there pg_ctl carries them. */
export function signalServer(pg_ctl: string): SendSignal {
  return (pid, signal) => {
    if (!isAlive(pid)) return;
    if (process.platform === 'win32') execFileSync(pg_ctl, ['kill', signal.slice(3), String(pid)]);
    else process.kill(pid, signal);
  };
}

/** Ends whatever an earlier launcher left running on this data folder. */
export async function clearOrphans(data: string, pg_ctl: string, log: Log): Promise<void> {
  const send = signalServer(pg_ctl);
  const end = async (pid: number, steps: StopSteps): Promise<void> => {
    if (await endProcess(pid, steps, (sentence) => log.warn({ pid }, `PostgreSQL ${sentence}`), send)) return;
    throw new AppError('embedded_postgres_stuck', `PostgreSQL (process ${pid}) cannot be stopped.`, { pid });
  };
  const found = await readPostmaster(data);
  if (found && isAlive(found.pid)) {
    if (isRunning(found.pid) && servesFolder(found.pid, data)) {
      log.info({ pid: found.pid }, 'stopping a PostgreSQL that an earlier start left running');
      await end(found.pid, stopSteps);
    } else {
      await disownPid(data);
    }
  }
  for (const pid of processesIn(data)) {
    log.info({ pid }, 'ending a worker of a PostgreSQL that was killed');
    await end(pid, stopSteps.slice(1));
  }
  // Written half when the disk was full or the power went: it names no process, and PostgreSQL would refuse to start beside it.
  if (found === undefined) await rm(join(data, 'postmaster.pid'), { force: true });
}

function servesFolder(pid: number, data: string): boolean {
  const command = commandOf(pid);
  return process.platform === 'win32' || (command.includes('postgres') && command.includes(data));
}

async function disownPid(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const [, ...others] = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, [String(impossiblePid), ...others].join('\n'));
}
