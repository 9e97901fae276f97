/** The data folder: made once by initdb, under another name until it is whole. */
import { createHash } from 'node:crypto';
import { chown, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, type Log } from '@souk/kernel';
import type { Binaries } from './binaries.ts';
import { type Account, type DataDirectory, ownedFolder } from './data-directory.ts';
import { runProgram } from './run-program.ts';
import { keepPassword, keptPassword, newPassword } from './secrets.ts';
import { copyCluster, sharedCluster } from './shared-cluster.ts';

const initTimeoutMs = 120_000;
export const superuser = 'postgres';

/**
 * Makes sure that the data directory holds a cluster of the major version of these programs, whose superuser has the password
 * kept in the home. When the data is there but the password was lost, it gets a new one. With a `shared` folder new data is a copy of
 * the cluster there.
 */
export async function ensureCluster(
  { home, log, shared }: { home: string; log: Log; shared?: string | undefined },
  directory: DataDirectory,
  binaries: Binaries,
): Promise<{ password: string }> {
  const { data, parent } = directory;
  await settleUpgrade(parent);
  const version = await dataVersion(data);
  const known = await keptPassword(home, superuser);
  const password = known ?? newPassword();
  if (version === undefined) {
    log.info({}, 'preparing PostgreSQL (first start)');
    await keepPassword(home, superuser, password);
    await initialise(directory, binaries, password, shared);
  } else if (version !== majorOf(binaries.version)) {
    throw otherVersion(data, version, binaries.version);
  } else if (known === undefined) {
    log.warn({}, 'the password of the PostgreSQL superuser was lost; setting a new one');
    // Kept when it counts: a process that dies in between finds none again, and makes another one.
    await setPassword(directory, binaries, password);
    await keepPassword(home, superuser, password);
  }
  return { password };
}

/** The major version of a version such as `18.4.0-beta.17`. */
export function majorOf(version: string): string {
  return version.split('.')[0] ?? version;
}

/** The refusal of data that these programs cannot run on, with what to do about it. */
export function otherVersion(data: string, data_version: string, program_version: string): AppError {
  const isOlder = Number(data_version) < Number(majorOf(program_version));
  const advice = isOlder ? 'Stop the shop and run: npm run souk -- upgrade-database' : 'Use the Souk that wrote it, or a newer one.';
  const sentence = `The data in ${data} is of PostgreSQL ${data_version}; this Souk brings ${program_version}. ${advice}`;
  return new AppError('embedded_postgres_version', sentence, { data, data_version, program_version });
}

/** Where the copy of an older version's data waits when it is whole; what it was copied from is noted in it. */
const upgradedName = 'data.upgraded';
const copiedFromName = 'souk_copied_from';

/** Makes the whole copy in `copy` the data of the folder `parent`: from the first rename on it counts, and the next start completes what is left. */
export async function acceptUpgrade(parent: string, copy: string): Promise<void> {
  await writeFile(join(copy, copiedFromName), await stateOf(join(parent, 'data')), { flush: true });
  await rename(copy, join(parent, upgradedName));
  await settleUpgrade(parent);
}

/**
 * Ends an upgrade that was interrupted between its two renames. A copy of data that was used again since, by the older Souk,
 * is out of date and is deleted.
 */
export async function settleUpgrade(parent: string): Promise<void> {
  const [data, upgraded] = [join(parent, 'data'), join(parent, upgradedName)];
  const copiedFrom = await readFile(join(upgraded, copiedFromName), 'utf8').catch(() => undefined);
  if (copiedFrom === undefined) return;
  const version = await dataVersion(data);
  if (version !== undefined) {
    if ((await stateOf(data)) !== copiedFrom) return rm(upgraded, { recursive: true, force: true });
    await rename(data, oldDataOf(parent, version));
  }
  await rename(upgraded, data);
  await syncFolder(parent);
}

/** Where the data of an older version stays after it was copied. */
export function oldDataOf(parent: string, version: string): string {
  return join(parent, `data.postgresql-${version}`);
}

/** Another one after every start of a server: a server writes its control file when it starts and when it stops. */
async function stateOf(data: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(join(data, 'global', 'pg_control')))
    .digest('hex');
}

/** A rename is on disk when its folder is; Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The major version the data was made by; undefined when there is no data. */
export async function dataVersion(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AppError('embedded_postgres_failed', `The data of PostgreSQL in ${data} cannot be read by this account.`, { data }, error);
  }
}

/** Makes an empty cluster in the folder of the data, which appears when it is whole. */
export async function initialise(directory: DataDirectory, binaries: Binaries, password: string, shared?: string): Promise<void> {
  const { data, parent, account } = directory;
  const fresh = join(parent, 'data.new');
  await rm(fresh, { recursive: true, force: true });
  await ownedFolder(fresh, account);
  if (shared === undefined) {
    await makeCluster(fresh, parent, account, binaries, password);
  } else {
    const settings = initdbArguments('', '', '');
    const make = (folder: string): Promise<void> => makeCluster(folder, dirname(folder), account, binaries, newPassword());
    await copyCluster(await sharedCluster(shared, { binaries, account, settings }, make), fresh, account);
    await setPassword({ ...directory, data: fresh }, binaries, password);
  }
  await rename(fresh, data);
}

/** In the empty folder `fresh`; the password is handed over in a file in `parent`. */
async function makeCluster(
  fresh: string,
  parent: string,
  account: Account | undefined,
  binaries: Binaries,
  password: string,
): Promise<void> {
  const passwordFile = join(parent, 'password.new');
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account) await chown(passwordFile, account.uid, account.gid);
    await runInitdb(binaries, fresh, passwordFile, account);
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
async function setPassword({ data, account }: DataDirectory, binaries: Binaries, password: string): Promise<void> {
  const command = `alter role ${superuser} password '${password}'\n`;
  const args = ['--single', '-D', data, '-c', 'scram_iterations=256', 'postgres'];
  const { code, said } = await runProgram(binaries.postgres, args, account, data, initTimeoutMs, command);
  if (code !== 0 || said.includes('ERROR'))
    throw new AppError('embedded_postgres_failed', `The password could not be set: ${said.trim()}`, { said });
}
