/** Brings an empty database to the migrations a backup was taken under: the tables its data was written for. */

import type { RestoreTarget } from '@souk/backup';
import { refusal } from '@souk/contracts';
import { AppError, type Log } from '@souk/kernel';
import { type DatabaseName, migrationFolders } from '@souk/platform';
import { migrate } from '@souk/postgres';

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
