/** The data folder: made once by initdb, under another name until it is whole. */
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Log } from '@souk/kernel';
import { type Account, ownedFolder, type Quarters } from './account.ts';
import type { Binaries } from './binaries.ts';
import { runProgram } from './program.ts';
import { keepPassword, keptPassword, newPassword } from './secrets.ts';

const initTimeoutMs = 120_000;
export const superuser = 'postgres';

/**
 * Makes sure that `<place>/data` holds a cluster of the major version of these programs, whose superuser has the password
 * kept in the home. When the data is there but the password was lost, it gets a new one.
 */
export async function ensureCluster(
  home: string,
  quarters: Quarters,
  binaries: Binaries,
  log: Log,
): Promise<{ data: string; password: string }> {
  const data = join(quarters.place, 'data');
  const version = await dataVersion(data);
  const known = await keptPassword(home, superuser);
  const password = known ?? newPassword();
  if (version === undefined) {
    log.info({}, 'preparing PostgreSQL (first start)');
    await keepPassword(home, superuser, password);
    await initialise(data, quarters, binaries, password);
  } else if (version !== binaries.version.split('.')[0]) {
    const sentence = `The data in ${data} is of PostgreSQL ${version}, the programs are ${binaries.version}.`;
    throw new AppError('embedded_postgres_version', sentence, { data, data_version: version, program_version: binaries.version });
  } else if (known === undefined) {
    log.warn({}, 'the password of the PostgreSQL superuser was lost; setting a new one');
    // Kept when it counts: whoever dies in between finds none again, and makes another one.
    await setPassword(data, quarters, binaries, password);
    await keepPassword(home, superuser, password);
  }
  return { data, password };
}

/** The major version the data was made by; undefined when there is no data. */
async function dataVersion(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AppError('embedded_postgres_failed', `The data of PostgreSQL in ${data} cannot be read by this account.`, { data }, error);
  }
}

async function initialise(data: string, { place, account }: Quarters, binaries: Binaries, password: string): Promise<void> {
  const fresh = join(place, 'data.new');
  const passwordFile = join(place, 'password.new');
  await rm(fresh, { recursive: true, force: true });
  await ownedFolder(fresh, account);
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account) await chown(passwordFile, account.uid, account.gid);
    await runInitdb(binaries, fresh, passwordFile, account);
    await rename(fresh, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** LC_CTYPE decides which characters pg_trgm takes for letters: with plain C, only ASCII. Not every system has C.UTF-8. */
async function runInitdb(binaries: Binaries, data: string, passwordFile: string, account: Account | undefined): Promise<void> {
  const ctypes = process.platform === 'darwin' ? ['en_US.UTF-8', 'C'] : ['C.UTF-8', 'C'];
  let said = '';
  for (const ctype of ctypes) {
    const outcome = await runProgram(binaries.initdb, initdbArguments(data, passwordFile, ctype), account, data, initTimeoutMs);
    if (outcome.code === 0) return;
    said = outcome.said.trim();
    if (!said.includes('invalid locale name')) break;
  }
  throw new AppError('embedded_postgres_failed', `initdb failed: ${said}`, { said });
}

function initdbArguments(data: string, passwordFile: string, ctype: string): string[] {
  return [
    `--pgdata=${data}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    `--lc-ctype=${ctype}`,
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--set=scram_iterations=256',
    '--set=max_connections=20',
    '--set=shared_buffers=16MB',
    '--no-instructions',
  ];
}

/** Through the server's single-user mode, which asks for no password. The password is base64url: nothing in it needs quoting. */
async function setPassword(data: string, { account }: Quarters, binaries: Binaries, password: string): Promise<void> {
  const command = `alter role ${superuser} password '${password}'\n`;
  const args = ['--single', '-D', data, '-c', 'scram_iterations=256', 'postgres'];
  const { code, said } = await runProgram(binaries.postgres, args, account, data, initTimeoutMs, command);
  if (code !== 0 || said.includes('ERROR'))
    throw new AppError('embedded_postgres_failed', `The password could not be set: ${said.trim()}`, { said });
}
