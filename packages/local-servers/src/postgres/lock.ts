/**
 * One launcher for a home. The lock is a file that comes into being whole (by a hard link) and names its holder by
 * process number and start, so that neither a crash nor a reused number leaves a home locked. A stale lock is removed
 * under a second, momentary lock; without it two starters could remove each other's fresh one.
 */
import { link, open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, pause } from '@souk/kernel';
import { identityOf, type ProcessIdentity, readIdentity, stillRuns } from '../processes.ts';

/** Together longer than an interrupted removal is respected. */
const attemptsMax = 700;
const attemptPauseMs = 10;
/** The removal of a stale lock takes microseconds; a longer one was interrupted. */
const removalAgeMaxMs = 5_000;

/** Takes the home for this process; resolves with the function that gives it back. Errors: `already_running`. */
export async function lockHome(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, 'lock');
  const mine = join(folder, `lock.${process.pid}.${Math.random().toString(36).slice(2)}`);
  await writeFile(mine, JSON.stringify(identityOf(process.pid)));
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      if (await linked(mine, lock)) return () => rm(lock, { force: true });
      const holder = readIdentity(lock);
      if (holder && stillRuns(holder)) throw alreadyRunning(folder, holder);
      await removeStale(lock);
      await pause(attemptPauseMs);
    }
    throw new AppError('already_running', `The lock ${lock} could not be taken.`, { lock });
  } finally {
    await rm(mine, { force: true });
  }
}

async function linked(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

async function removeStale(lock: string): Promise<void> {
  const removal = `${lock}.removal`;
  try {
    await (await open(removal, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since_ms = await stat(removal).then(
      (entry) => entry.mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (Date.now() - since_ms > removalAgeMaxMs) await rm(removal, { force: true });
    return;
  }
  try {
    const holder = readIdentity(lock);
    if (holder === undefined || !stillRuns(holder)) await rm(lock, { force: true });
  } finally {
    await rm(removal, { force: true });
  }
}

function alreadyRunning(folder: string, { pid }: ProcessIdentity): AppError {
  return new AppError('already_running', `The embedded PostgreSQL in ${folder} is already run by process ${pid}.`, { folder, pid });
}
