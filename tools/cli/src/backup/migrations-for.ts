/** Brings an empty database to the migrations a backup was taken under: the tables its data was written for. */

import type { RestoreTarget } from '@souk/backup';
import { refusal } from '@souk/contracts';
import { AppError, type Log } from '@souk/kernel';
import { embeddedBrokerMigrations, messagingMigrations } from '@souk/messaging';
import type { DatabaseName } from '@souk/platform';
import { migrate } from '@souk/postgres';
import { kitMigrations } from '@souk/service-kit';

/** What a newer Souk wrote is refused as `backup_incompatible`; later migrations of this Souk follow at its next start. */
export function migrationsFor(name: DatabaseName, url: string, log: Log): RestoreTarget['migrate'] {
  const folders = migrationFolders(name);
  return async (only) => {
    try {
      await migrate({ url, folders, only, log });
    } catch (error) {
      if (!(error instanceof AppError) || !['migration_unknown', 'migration_changed'].includes(error.code)) throw error;
      throw refusal(
        'backup_incompatible',
        `${error.message} The data was written by another Souk: use that version or a newer one.`,
        {},
        error,
      );
    }
  };
}

/** Everything that a database of this name has to have had. */
export function migrationFolders(name: DatabaseName): URL[] {
  if (name === 'broker') return [embeddedBrokerMigrations];
  return [kitMigrations, messagingMigrations, new URL(`../../../../services/${name}/migrations/`, import.meta.url)];
}
