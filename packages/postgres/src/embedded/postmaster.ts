/**
 * The server process as its data folder shows it. A server outlives a launcher that was killed; the next launcher stops
 * it properly. `postmaster.pid` may also be left by a crash and its number belong to another process by now, or to the
 * dead entry of the server, which PostgreSQL would take for a living one: such a file is not deleted, because it also holds the key by which PostgreSQL finds surviving workers; only its number is
 * made one that cannot exist.
 */
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError, type Log } from '@souk/kernel';
import { commandOf, isAlive, isRunning, processesIn, waitUntilGone } from './processes.ts';

const run = promisify(execFile);
const fastStopMs = 15_000;
const quickStopMs = 5_000;
const impossiblePid = 1_999_999_999;

export type StopSignal = 'SIGINT' | 'SIGQUIT' | 'SIGKILL';

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

/** Windows has no signals; there pg_ctl carries them. */
async function signalServer(pid: number, signal: StopSignal, pg_ctl: string): Promise<void> {
  if (!isAlive(pid)) return;
  if (process.platform === 'win32') await run(pg_ctl, ['kill', signal.slice(3), String(pid)]);
  else process.kill(pid, signal);
}

/** Ends a server: fast (clients are cut off, everything is written), then at once, then by force. Each wait is bounded. */
export async function stopServer(pid: number, pg_ctl: string, log: Log): Promise<void> {
  const steps: [StopSignal, number][] = [
    ['SIGINT', fastStopMs],
    ['SIGQUIT', quickStopMs],
    ['SIGKILL', quickStopMs],
  ];
  for (const [signal, timeout_ms] of steps) {
    await signalServer(pid, signal, pg_ctl);
    if (await waitUntilGone(pid, timeout_ms)) return;
    log.warn({ pid, signal }, 'PostgreSQL did not stop in time');
  }
  throw new AppError('embedded_postgres_stuck', `PostgreSQL (process ${pid}) cannot be stopped.`, { pid });
}

/** Ends whatever an earlier launcher left running on this data folder. */
export async function clearOrphans(data: string, pg_ctl: string, log: Log): Promise<void> {
  const found = await readPostmaster(data);
  if (found && isAlive(found.pid)) {
    if ((await isRunning(found.pid)) && (await servesFolder(found.pid, data))) {
      log.info({ pid: found.pid }, 'stopping a PostgreSQL that an earlier start left running');
      await stopServer(found.pid, pg_ctl, log);
    } else {
      await disownPid(data);
    }
  }
  for (const pid of await processesIn(data)) {
    log.info({ pid }, 'ending a worker of a PostgreSQL that was killed');
    await signalServer(pid, 'SIGQUIT', pg_ctl);
    if (!(await waitUntilGone(pid, quickStopMs))) await signalServer(pid, 'SIGKILL', pg_ctl);
    await waitUntilGone(pid, quickStopMs);
  }
  // Written half when the disk was full or the power went: it names nobody, and PostgreSQL would refuse to start beside it.
  if (found === undefined) await rm(join(data, 'postmaster.pid'), { force: true });
}

async function servesFolder(pid: number, data: string): Promise<boolean> {
  const command = await commandOf(pid);
  return process.platform === 'win32' || (command.includes('postgres') && command.includes(data));
}

async function disownPid(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const [, ...others] = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, [String(impossiblePid), ...others].join('\n'));
}
