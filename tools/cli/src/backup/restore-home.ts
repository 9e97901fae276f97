/**
 * Restores into a home with a PostgreSQL of its own. The databases are filled beside those that are there and take their place
 * in one transaction; until then the home is as it was, whenever the restore ends.
 */
import { type Manifest, type RestoreTarget, restoreBackup, settleRestore, stageSecrets } from '@souk/backup';
import { backupOrder, refusal } from '@souk/contracts';
import type { Log } from '@souk/kernel';
import { startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { extensionsOf, makeHome } from '@souk/platform';
import { dropLeftovers, inspectTarget, makeStaging, swapStaging } from '@souk/postgres/copy';
import { migrationsFor } from './migrations-for.ts';
import { type NamedDatabase, ownDatabases } from './shop-databases.ts';

export interface RestoreHomeOptions {
  folder: string;
  home: string;
  /** The shop that is there is deleted once the restored one has taken its place. */
  replace: boolean;
  log: Log;
  signal: AbortSignal;
  progress(sentence: string): void;
}

/** The broker's database is not restored: what was on its way is published once more. An empty one takes its place. */
const brokerName = 'broker';

/** Errors: those of `restoreBackup`, of PostgreSQL's start, and `restore_target_used` where a shop is and `replace` is not set. */
export async function restoreHome(options: RestoreHomeOptions): Promise<Manifest> {
  const { home, log, folder } = options;
  await makeHome(home);
  options.progress('starting PostgreSQL');
  const postgres = await startEmbeddedPostgres({ home, log });
  const { superuser_url } = postgres;
  const names = [...backupOrder, brokerName];
  try {
    const present = await ownDatabases(postgres);
    const users_url = postgres.url('users', 'users');
    await settleRestore(home, users_url);
    if (!options.replace) await refuseUsed(home, present);
    const broker_url = await postgres.ensureDatabase(brokerName);
    await makeStaging(superuser_url, { name: brokerName, role_url: broker_url, extensions: extensionsOf(brokerName) });
    const targets: RestoreTarget[] = [];
    for (const { name, url } of present) {
      const staging = await makeStaging(superuser_url, { name, role_url: url, extensions: extensionsOf(name) });
      targets.push({ name, url: staging, migrate: migrationsFor(name, staging, log) });
    }
    const manifest = await restoreBackup({ ...options, targets });
    options.signal.throwIfAborted();
    await stageSecrets(home, folder, manifest.backup_id);
    await swapStaging(superuser_url, names);
    await settleRestore(home, users_url);
    return manifest;
  } finally {
    await dropLeftovers(superuser_url, names).catch((error: unknown) =>
      log.warn({ err: error }, 'databases of the restore were left behind'),
    );
    await postgres.stop();
  }
}

async function refuseUsed(home: string, databases: readonly NamedDatabase[]): Promise<void> {
  for (const { name, url } of databases) {
    const { tables } = await inspectTarget(url);
    if (tables.length === 0) continue;
    const sentence = `${home} holds a shop already (its database ${name} is not empty). Set SOUK_HOME to a new folder, or add --replace: that shop is deleted once the restored one is in its place. Nothing was changed.`;
    throw refusal('restore_target_used', sentence, { home });
  }
}
