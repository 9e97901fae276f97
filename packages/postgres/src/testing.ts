/**
 * Databases for tests on a real server. A run of many test processes shares one server, started by the runner with
 * `startTestPostgres` and named in SOUK_TEST_POSTGRES_URL; a test file run alone starts its own. Each test file takes a
 * database of its own with `freshDatabase`, cloned from a template that is migrated once.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { testConfig } from './config.ts';
import { withSuperuser } from './testing/superuser.ts';
import { ensureTemplate, type TemplateContent, testRole, testRoleUrl } from './testing/template.ts';
import { sharedPostgresFolder, startTestPostgres, type TestPostgres } from './testing/test-server.ts';

export { sharedPostgresFolder, startTestPostgres, type TestPostgres };

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

/** A database that has its URL already and is made by `create`. */
export interface PlannedDatabase extends FreshDatabase {
  create(content: TemplateContent): Promise<void>;
}

/**
 * A new, migrated database: `const { url, drop } = await freshDatabase({ folders: [new URL('../migrations/', import.meta.url)] })`.
 * Fast after the first with the same migrations. Close what is connected to it, then `drop()` it in an `after` hook.
 */
export async function freshDatabase(content: TemplateContent = {}): Promise<FreshDatabase> {
  const { create, ...database } = await plannedDatabase();
  await create(content);
  return database;
}

/** Only names a database: for a service, which is built with the URL and knows then which migrations it has. `drop()` does nothing to one that was never made. */
export async function plannedDatabase(): Promise<PlannedDatabase> {
  const { superuser_url } = await testPostgres();
  const name = `souk_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  let created = false;
  return {
    url: toDatabase(testRoleUrl(superuser_url).href, name),
    superuser_url: toDatabase(superuser_url, name),
    create: (content) =>
      withSuperuser(superuser_url, async (client) => {
        const template = await ensureTemplate(client, superuser_url, content);
        // Copied as files: a third of the CPU that the same takes through the log.
        await client.query(`create database ${name} template ${template} owner ${testRole} strategy file_copy`);
        created = true;
      }),
    async refuse() {
      const open = (allowed: boolean): Promise<void> =>
        withSuperuser(superuser_url, async (client) => {
          await client.query(`alter database ${name} allow_connections ${allowed}`);
          if (!allowed) await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
        });
      await open(false);
      return () => open(true);
    },
    async drop() {
      if (!created) return;
      await withSuperuser(superuser_url, (client) => client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`));
    },
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
