/**
 * Databases for tests on a real server. A run of many test processes shares one server, started by the runner with
 * `startTestPostgres` and named in SOUK_TEST_POSTGRES_URL; a test file run alone starts its own. Each test file takes a
 * database of its own with `freshDatabase`, cloned from a template that is migrated once.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { testConfig } from './config.ts';
import { withSuperuser } from './testing/superuser.ts';
import { ensureTemplate, testRole } from './testing/template.ts';
import { startTestPostgres, type TestPostgres } from './testing/test-server.ts';

export { startTestPostgres, type TestPostgres };

export interface FreshDatabase {
  /** For a role that owns the database and is no superuser, as in production. */
  url: string;
  /** For a superuser, in the same database: to end sessions, say. */
  superuser_url: string;
  /** Closes all connections and accepts none until the answered function is called: an outage. */
  refuse(): Promise<() => Promise<void>>;
  /** Closes all connections and deletes the database. */
  drop(): Promise<void>;
}

let own: Promise<TestPostgres> | undefined;

/** The server of this test run: the one named in SOUK_TEST_POSTGRES_URL, else one that ends with this process. */
export async function testPostgres(): Promise<{ superuser_url: string }> {
  const { server_url } = testConfig();
  if (server_url !== undefined) return { superuser_url: server_url };
  own ??= startTestPostgres();
  return own;
}

/**
 * A new, migrated database: `const { url, drop } = await freshDatabase({ folders: [new URL('../migrations/', import.meta.url)] })`.
 * Fast after the first with the same migrations. Close what is connected to it, then `drop()` it in an `after` hook.
 */
export async function freshDatabase(options: { folders?: readonly URL[]; extensions?: readonly string[] } = {}): Promise<FreshDatabase> {
  const { superuser_url } = await testPostgres();
  const { folders = [], extensions = [] } = options;
  const template = await ensureTemplate(superuser_url, folders, extensions);
  const name = `souk_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const { url } = template;
  await withSuperuser(superuser_url, async (client) => {
    await client.query(`create database ${name} template ${template.name} owner ${testRole}`);
  });
  return {
    url: toDatabase(url, name),
    superuser_url: toDatabase(superuser_url, name),
    async refuse() {
      const open = (allowed: boolean): Promise<void> =>
        withSuperuser(superuser_url, async (client) => {
          await client.query(`alter database ${name} allow_connections ${allowed}`);
          if (!allowed) await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
        });
      await open(false);
      return () => open(true);
    },
    drop: () =>
      withSuperuser(
        superuser_url,
        async (client) => void (await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`)),
      ),
  };
}

/**
 * A role that reads statistics and no rows, as infrastructure/postgres/make-databases.sh makes it for the exporter. Its
 * password is hashed as often as other clients insist on; the fast hashes of this server are refused by them. `server`: default that of this run.
 */
export async function monitorRole(server?: TestPostgres): Promise<{ url: string; drop(): Promise<void> }> {
  const { superuser_url } = server ?? (await testPostgres());
  const [name, password] = [`souk_monitor_${process.pid}`, randomBytes(16).toString('hex')];
  await withSuperuser(superuser_url, async (client) => {
    await client.query('set scram_iterations = 4096');
    await client.query(`create role ${name} login password '${password}' in role pg_monitor`);
  });
  const url = new URL(superuser_url);
  [url.username, url.password] = [name, password];
  return { url: url.href, drop: () => withSuperuser(superuser_url, async (client) => void (await client.query(`drop role ${name}`))) };
}

function toDatabase(url: string, name: string): string {
  const target = new URL(url);
  target.pathname = `/${name}`;
  return target.href;
}
