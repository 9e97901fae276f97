import { resolve } from 'node:path';
import { type Manifest, readSecrets, takeBackup } from '@souk/backup';
import { refusal } from '@souk/contracts';
import { pause, systemClock, systemIds, timestamp } from '@souk/kernel';
import { readKept } from '@souk/platform';
import { createLog } from '@souk/telemetry';
import { databasesByUrl, openShopDatabases } from '../backup/shop-databases.ts';
import { type CliConfig, readConfig } from '../config.ts';
import { soukVersion } from '../souk-version.ts';
import { startProgress } from '../terminal.ts';
import { whenInterrupted } from '../when-interrupted.ts';

/** Takes a backup of the shop, running or not. */
export async function backup(name: string | undefined, apart_s: number): Promise<number> {
  const config = readConfig();
  const folder = resolve(config.env['INIT_CWD'] ?? '.', name ?? defaultName());
  await needShop(config);
  const progress = startProgress();
  const started = performance.now();
  const log = createLog({ level: config.log_level, format: config.log_format });
  const { databases, close } = await openShopDatabases(config, log);
  try {
    const manifest = await takeBackup({
      folder,
      databases,
      secrets: await secretsOf(config),
      souk_version: await soukVersion(),
      ids: systemIds,
      signal: whenInterrupted(),
      progress: (sentence) => progress.say(sentence),
      between: () => pause(apart_s * 1_000),
    });
    progress.done();
    process.stdout.write(report(folder, manifest, (performance.now() - started) / 1_000));
    return 0;
  } catch (error) {
    progress.done();
    throw error;
  } finally {
    await close();
  }
}

/** A home in which PostgreSQL never ran would get an empty shop, and a backup of nothing. */
async function needShop({ env, home }: CliConfig): Promise<void> {
  if (databasesByUrl(env) || (await readKept(home, 'postgres-postgres')) !== undefined) return;
  throw refusal('config_invalid', `There is no shop in ${home}. Name the home of one with SOUK_HOME.`);
}

function defaultName(): string {
  return `souk-backup-${timestamp(systemClock.now()).slice(0, 19).replaceAll(':', '-')}Z`;
}

/** Where the databases are named by URL, the secret of the environment counts as well: it opens what is sealed in them. */
async function secretsOf(config: CliConfig): Promise<Record<string, string>> {
  const kept = await readSecrets(config.home);
  const given = databasesByUrl(config.env) && config.env['INTERNAL_TOKEN'];
  return given ? { ...kept, internal_token: `${given}\n` } : kept;
}

function report(folder: string, { databases }: Manifest, seconds: number): string {
  const rows = databases.reduce((sum, { tables }) => sum + tables.reduce((count, table) => count + table.rows, 0), 0);
  const bytes = databases.reduce((sum, { tables }) => sum + tables.reduce((count, table) => count + table.bytes, 0), 0);
  const instant = databases.at(-1)?.taken_at ?? '';
  const lines = databases.map(({ name, taken_at }) => `  ${name.padEnd(15)}as of ${taken_at}`);
  return `${lines.join('\n')}\n\nBackup of ${rows} rows in ${folder} (${Math.ceil(bytes / 1_024)} kB, ${seconds.toFixed(1)} s), the last as of ${instant}.
It holds personal data and the secrets of the shop: keep it where only you can read it.
Restore it elsewhere with: SOUK_HOME=NEW_FOLDER npm run souk -- restore ${folder}\n`;
}
