import { createHash } from 'node:crypto';
import { silentLog } from '@souk/kernel';
import pg from 'pg';
import { migrate, readMigrations } from '../migrate.ts';
import { withSuperuser } from './superuser.ts';

/** The role that owns test databases; like a service's, it is no superuser. */
export const testRole = 'souk_test';

/** "souk" and "test" in ASCII: one process at a time makes templates. */
const lockKeys = [0x736f756b, 0x74657374];

/** The template database that holds just these migrations and extensions, made at first need; and the test role's URL. */
export async function ensureTemplate(
  superuser_url: string,
  folders: readonly URL[],
  extensions: readonly string[],
): Promise<{ name: string; url: string }> {
  const migrations = await readMigrations(folders);
  const content = JSON.stringify([migrations.map(({ folder, name, checksum }) => [folder, name, checksum]), extensions]);
  const name = `souk_template_${createHash('sha256').update(content).digest('hex').slice(0, 24)}`;
  const url = new URL(superuser_url);
  const password = createHash('sha256').update(`test role ${url.password}`).digest('hex');
  url.username = testRole;
  url.password = password;
  await withSuperuser(superuser_url, async (client) => {
    if (await exists(client, name)) return;
    // Held by the session: it ends with it, whatever happens.
    await client.query('select pg_advisory_lock($1, $2)', lockKeys);
    if (!(await exists(client, name))) await build(client, { name, url, superuser_url, password, folders, extensions });
  });
  return { name, url: url.href };
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  return rowCount === 1;
}

interface Plan {
  name: string;
  url: URL;
  superuser_url: string;
  password: string;
  folders: readonly URL[];
  extensions: readonly string[];
}

/** Under another name until it is whole, so that a template that exists is complete. */
async function build(client: pg.Client, plan: Plan): Promise<void> {
  const half = `${plan.name}_new`;
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [testRole]);
  await client.query(`${rowCount === 1 ? 'alter' : 'create'} role ${testRole} login password ${pg.escapeLiteral(plan.password)}`);
  await client.query(`drop database if exists ${half} with (force)`);
  await client.query(`create database ${half} owner ${testRole}`);
  const superuserUrl = new URL(plan.superuser_url);
  superuserUrl.pathname = `/${half}`;
  await withSuperuser(superuserUrl.href, async (inside) => {
    for (const extension of plan.extensions) await inside.query(`create extension if not exists ${pg.escapeIdentifier(extension)}`);
  });
  const url = new URL(plan.url);
  url.pathname = `/${half}`;
  await migrate({ url: url.href, folders: plan.folders, log: silentLog });
  await client.query(`alter database ${half} rename to ${plan.name}`);
}
