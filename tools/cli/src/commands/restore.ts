import { resolve } from 'node:path';
import { type Manifest, restoreBackup, verifyBackup } from '@souk/backup';
import { refusal } from '@souk/contracts';
import { createLog } from '@souk/telemetry';
import { migrationsFor } from '../backup/migrations-for.ts';
import { restoreHome } from '../backup/restore-home.ts';
import { databasesByUrl } from '../backup/shop-databases.ts';
import { type CliConfig, readConfig } from '../config.ts';
import { findRunning } from '../running.ts';
import { type Progress, startProgress } from '../terminal.ts';
import { whenInterrupted } from '../when-interrupted.ts';

export interface RestoreOptions {
  replace?: boolean;
  check?: boolean;
}

/** Restores a backup into a home, or into the empty databases that are named by URL. */
export async function restore(name: string, { replace = false, check = false }: RestoreOptions): Promise<number> {
  const config = readConfig();
  const folder = resolve(config.env['INIT_CWD'] ?? '.', name);
  const progress = startProgress();
  try {
    const manifest = check
      ? await verifyBackup(folder, whenInterrupted(), (sentence) => progress.say(sentence))
      : await restored(config, folder, replace, progress);
    progress.done();
    process.stdout.write(check ? `The backup in ${folder} is whole: ${summary(manifest)}.\n` : readyText(config, folder, manifest));
    return 0;
  } catch (error) {
    progress.done();
    throw error;
  }
}

async function restored(config: CliConfig, folder: string, replace: boolean, progress: Progress): Promise<Manifest> {
  const running = await findRunning(config.home);
  const byUrl = databasesByUrl(config.env);
  if (running && !byUrl)
    throw refusal('already_running', `A shop is running in ${config.home} (process ${running.pid}); stop it first. Nothing was changed.`);
  const log = createLog({ level: config.log_level, format: config.log_format });
  const common = { folder, log, signal: whenInterrupted(), progress: (sentence: string) => progress.say(sentence) };
  if (!byUrl) return restoreHome({ ...common, home: config.home, replace });
  if (replace)
    throw refusal('validation_failed', '--replace is for a home of its own PostgreSQL; by URL, restore into new, empty databases.');
  const targets = byUrl.map(({ name, url }) => ({ name, url, migrate: migrationsFor(name, url, log) }));
  return restoreBackup({ ...common, targets });
}

function summary({ databases, souk_version }: Manifest): string {
  const rows = databases.reduce((sum, { tables }) => sum + tables.reduce((count, table) => count + table.rows, 0), 0);
  return `${rows} rows of ${databases.length} databases, by Souk ${souk_version}`;
}

function readyText(config: CliConfig, folder: string, manifest: Manifest): string {
  const byUrl = databasesByUrl(config.env) !== undefined;
  const where = byUrl ? 'the databases named by URL' : config.home;
  const next = byUrl
    ? `Start the shop with the INTERNAL_TOKEN of the backup (${folder}/secrets/internal_token): keys and links in the database are sealed with it.`
    : 'Start it with npm start (or npm run up). What was on its way is published once more at that start.';
  return `Restored ${summary(manifest)}, into ${where}.\n${next}\nThen prove the books: npm run souk -- audit\n`;
}
