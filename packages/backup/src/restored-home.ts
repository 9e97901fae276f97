/**
 * The files of a home that belong to its databases. They cannot change places in the transaction of the databases: they wait
 * in a folder until that transaction is committed, and the next start finishes what was interrupted.
 */
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectTarget } from '@souk/postgres/copy';

const waitingName = 'secrets.restoring';
const markName = 'backup_id';
/** What local servers and processes of the replaced shop kept: messages, the registry, their last view of it. */
const stateFolders = ['rabbitmq', 'redis', 'gateway'] as const;

/** Copies the secrets of the backup to where they wait, readable by their owner only. */
export async function stageSecrets(home: string, folder: string, backup_id: string): Promise<void> {
  const waiting = join(home, waitingName);
  await rm(waiting, { recursive: true, force: true });
  await cp(join(folder, 'secrets'), waiting, { recursive: true });
  await writeFile(join(waiting, markName), backup_id, { mode: 0o600, flush: true });
}

/**
 * Ends a restore into this home that was interrupted between its databases and its files; `users_url` is one of the databases.
 * True when the home was restored. Without such a restore it does nothing.
 */
export async function settleRestore(home: string, users_url: string): Promise<boolean> {
  const waiting = join(home, waitingName);
  const backup_id = await readFile(join(waiting, markName), 'utf8').catch(() => undefined);
  const { restoration } = backup_id === undefined ? { restoration: undefined } : await inspectTarget(users_url);
  const isRestored = restoration?.backup_id === backup_id && restoration?.finished === true;
  if (isRestored) {
    await mkdir(join(home, 'secrets'), { recursive: true, mode: 0o700 });
    for (const name of (await readdir(waiting)).filter((entry) => entry !== markName))
      await rename(join(waiting, name), join(home, 'secrets', name));
    for (const name of stateFolders) await rm(join(home, name), { recursive: true, force: true });
  }
  await rm(waiting, { recursive: true, force: true });
  return isRestored;
}
