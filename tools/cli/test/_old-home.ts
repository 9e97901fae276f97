/** A home as an earlier Souk left it, whose PostgreSQL was of an older major version; and what is in a home, for comparison. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { required, silentLog } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { type DatabaseName, extensionsOf, migrationFolders } from '@souk/platform';
import { migrate, openDatabase } from '@souk/postgres';
import { openSnapshot } from '@souk/postgres/copy';

const olderMajors = ['17', '16', '15'];
/** The older programs of this machine, as Debian installs them. */
export const older = olderMajors
  .map((version) => ({ version, folder: `/usr/lib/postgresql/${version}` }))
  .find(({ folder }) => existsSync(join(folder, 'bin', 'initdb')));
const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/** Of a shop that never got further: enough to have every kind of database, with extensions and the broker's own tables. */
const databaseNames: readonly DatabaseName[] = ['products', 'orders', 'broker'];

/** Digest of the rows of each table, by database and table. */
export type Contents = Record<string, string>;

export interface OldHome {
  home: string;
  /** The folder of the server's data and programs. */
  place: string;
  data: string;
  contents: Contents;
}

/** Everybody may pass through, as root's PostgreSQL must. */
export async function openHome(t: TestContext): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'souk-upgrade-'));
  await chmod(home, 0o755);
  t.after(() => rm(home, { recursive: true, force: true, maxRetries: 3 }));
  return home;
}

/** Databases of a shop with their tables, and `rows` events in the outbox of orders; its programs are kept where the old Souk kept them. */
export async function makeOldHome(t: TestContext, rows: number): Promise<OldHome> {
  const { version, folder } = required(older, 'an older PostgreSQL');
  const home = await openHome(t);
  const place = join(home, 'postgres');
  const data = join(place, 'data');
  await mkdir(place, { mode: 0o755 });
  await mkdir(data, { mode: 0o700 });
  await symlink(folder, join(place, `${version}.0.0`));
  await mkdir(join(home, 'secrets'), { mode: 0o700 });
  const password = randomBytes(18).toString('base64url');
  await writeFile(join(home, 'secrets', 'postgres-postgres'), `${password}\n`, { mode: 0o600 });
  const password_file = join(place, 'password');
  await writeFile(password_file, password);
  for (const path of account ? [data, password_file] : []) await chown(path, account?.uid ?? 0, account?.gid ?? 0);
  const cluster = [
    '--username=postgres',
    `--pwfile=${password_file}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-sync',
    '--locale=C.UTF-8',
  ];
  await ended(program(join(folder, 'bin', 'initdb'), ['-D', data, ...cluster]));
  await rm(password_file);
  const contents = await withOldServer({ home, data }, (url) => fill(url, rows));
  return { home, place, data, contents };
}

/** Runs the server of the older programs on the data for as long as the work takes. */
export async function withOldServer<T>(
  { home, data }: { home: string; data: string },
  work: (url: (database: string) => string) => Promise<T>,
): Promise<T> {
  const password = (await readFile(join(home, 'secrets', 'postgres-postgres'), 'utf8')).trim();
  const port = required((await findFreePorts(1))[0], 'a free port');
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `port=${port}`, '-c', 'unix_socket_directories=', '-c', 'fsync=off'];
  const server = program(join(required(older, 'an older PostgreSQL').folder, 'bin', 'postgres'), ['-D', data, ...settings]);
  const end = ended(server);
  const lines = createInterface({ input: required(server.stderr, 'its log') });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => line.includes('ready to accept connections') && resolve());
    end.then(() => reject(new Error('the older PostgreSQL ended')), reject);
  });
  try {
    return await work((database) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`);
  } finally {
    server.kill('SIGINT');
    await end;
  }
}

/** What is in the databases of a home of the present version. */
export async function contentsOf(home: string): Promise<Contents> {
  const server = await startEmbeddedPostgres({ home, log: silentLog });
  try {
    return await readContents((database) => server.url(database));
  } finally {
    await server.stop();
  }
}

async function fill(url: (database: string) => string, rows: number): Promise<Contents> {
  for (const name of databaseNames) {
    await query(url('postgres'), `create role ${name} login`);
    await query(url('postgres'), `create database ${name} owner ${name}`);
    for (const extension of extensionsOf(name)) await query(url(name), `create extension ${extension}`);
    await migrate({ url: url(name), folders: migrationFolders(name), log: silentLog });
  }
  await query(
    url('orders'),
    `insert into outbox (event_id, event_type, body)
     select gen_random_uuid(), 'order.created', repeat((array[E'a\\tb', E'x\\ny', E'\\\\.', '🧺'])[1 + n % 4] || n, 40) from generate_series(1, ${rows}) n`,
  );
  await query(url('orders'), `insert into restorations (backup_id, finished_at, republish_since) values (gen_random_uuid(), now(), now())`);
  await query(
    url('products'),
    `insert into dead_letters (queue, reason, detail, attempts, code_version, body)
     select 'products.nothing', 'internal', 'detail ' || n, n, '1', '{}' from generate_series(1, 300) n`,
  );
  return readContents(url);
}

async function query(url: string, text: string): Promise<void> {
  const db = openDatabase({ url, application_name: 'souk test', pool_max: 1, log: silentLog });
  try {
    await db.query(text);
  } finally {
    await db.close();
  }
}

/** What is in the databases of a running server. */
export async function readContents(url: (database: string) => string): Promise<Contents> {
  const contents: Contents = {};
  for (const name of databaseNames) {
    const snapshot = await openSnapshot(url(name), { notes: true });
    try {
      for (const table of snapshot.tables) contents[`${name} ${table.name}`] = await digestOf(snapshot.read(table));
      for (const sequence of await snapshot.sequences()) contents[`${name} ${sequence.name}`] = JSON.stringify(sequence);
    } finally {
      await snapshot.close();
    }
  }
  return contents;
}

async function digestOf(rows: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of rows) hash.update(chunk);
  return hash.digest('hex');
}

function program(path: string, args: readonly string[]): ChildProcess {
  return spawn(path, args, {
    ...account,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/bin:/bin', LANG: 'C', TZ: 'UTC' },
  });
}

async function ended(child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(said);
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A command under way. */
export interface Run {
  child: ChildProcess;
  output(): string;
  /** The exit code, and undefined when a signal ended it. */
  ended: Promise<number | undefined>;
}

/** Runs `souk` on a home, behind the words of `wrapper`. */
export function souk(home: string, args: readonly string[], wrapper: readonly string[] = []): Run {
  const [program = '', ...words] = [...wrapper, process.execPath, main, ...args];
  const child = spawn(program, words, { env: { ...process.env, SOUK_HOME: home, LOG_LEVEL: 'error' }, stdio: ['ignore', 'pipe', 'pipe'] });
  // Whatever becomes of the test, the command ends with it.
  process.once('exit', () => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | undefined>((resolve) => child.once('close', (code) => resolve(code ?? undefined)));
  return { child, output: () => output, ended };
}
