import { type EmbeddedPostgres, type Upgrade, upgradeEmbeddedPostgres } from '@souk/local-servers/postgres';
import { databaseNames, extensionsOf } from '@souk/platform';
import { copyDatabase } from '@souk/postgres/copy';
import { createLog } from '@souk/telemetry';
import { migrationsFor } from '../backup/migrations-for.ts';
import { readConfig } from '../config.ts';
import { startProgress } from '../terminal.ts';
import { whenInterrupted } from '../when-interrupted.ts';

export interface UpgradeDatabaseOptions {
  programs?: string;
}

/** Copies the data of an older PostgreSQL in SOUK_HOME to the version that this Souk brings. */
export async function upgradeDatabase({ programs }: UpgradeDatabaseOptions): Promise<number> {
  const { home, log_level, log_format } = readConfig();
  const log = createLog({ level: log_level, format: log_format });
  const progress = startProgress();
  const signal = whenInterrupted();
  let rows = 0;
  const copy = async (from: EmbeddedPostgres, to: EmbeddedPostgres): Promise<void> => {
    const present = await from.databases();
    for (const name of databaseNames.filter((candidate) => present.includes(candidate))) {
      signal.throwIfAborted();
      const to_url = await to.ensureDatabase(name, { extensions: extensionsOf(name) });
      rows += await copyDatabase({
        from_url: from.url(name),
        to_url,
        migrate: migrationsFor(name, to_url, log),
        signal,
        progress: (table) => progress.say(`${name}: ${table}`),
      });
    }
  };
  try {
    const upgrade = await upgradeEmbeddedPostgres({ home, log, copy, ...(programs === undefined ? {} : { programs }) });
    progress.done();
    process.stdout.write(report(home, upgrade, rows));
    return 0;
  } catch (error) {
    progress.done();
    throw error;
  }
}

function report(home: string, upgrade: Upgrade | undefined, rows: number): string {
  if (upgrade === undefined) return `Nothing to do: the data in ${home} is of the version that this Souk brings.\n`;
  const { from, to, old_data } = upgrade;
  return `Copied ${rows} rows from PostgreSQL ${from} to ${to}. Start the shop, then prove the books: npm run souk -- audit
The old data is kept in ${old_data}; delete it when the shop runs well.\n`;
}
