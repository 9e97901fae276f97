import { createHash } from 'node:crypto';
import { silentLog } from '@souk/kernel';
import pg from 'pg';
import { migrate, readMigrations } from '../migrate.ts';
import { withSuperuser } from './superuser.ts';

/** The role that owns test databases; like a service's, it is no superuser. */
export const testRole = 'souk_test';

/** "souk" and "test" in ASCII: one process at a time makes templates. */
const lockKeys = [0x736f756b, 0x74657374];

/** What a template holds. */
export interface TemplateContent {
  folders?: readonly URL[];
  extensions?: readonly string[];
}

/** The server's URL for the test role. */
export function testRoleUrl(superuser_url: string): URL {
  const url = new URL(superuser_url);
  url.password = createHash('sha256').update(`test role ${url.password}`).digest('hex');
  url.username = testRole;
  return url;
}

/** The name of the template database that holds just these migrations and extensions, made over this connection at first need. */
export async function ensureTemplate(
  client: pg.Client,
  superuser_url: string,
  { folders = [], extensions = [] }: TemplateContent,
): Promise<string> {
  const migrations = await readMigrations(folders);
  const content = JSON.stringify([migrations.map(({ folder, name, checksum }) => [folder, name, checksum]), extensions]);
  const name = `souk_template_${createHash('sha256').update(content).digest('hex').slice(0, 24)}`;
  if (await exists(client, name)) return name;
  await client.query('select pg_advisory_lock($1, $2)', lockKeys);
  try {
    if (!(await exists(client, name))) await build(client, { name, superuser_url, folders, extensions });
  } finally {
    await client.query('select pg_advisory_unlock($1, $2)', lockKeys);
  }
  return name;
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  return rowCount === 1;
}

interface Plan {
  name: string;
  superuser_url: string;
  folders: readonly URL[];
  extensions: readonly string[];
}

/** Under another name until it is whole, so that a template that exists is complete. */
async function build(client: pg.Client, plan: Plan): Promise<void> {
  const half = `${plan.name}_new`;
  const url = testRoleUrl(plan.superuser_url);
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [testRole]);
  await client.query(`${rowCount === 1 ? 'alter' : 'create'} role ${testRole} login password ${pg.escapeLiteral(url.password)}`);
  await client.query(`drop database if exists ${half} with (force)`);
  await client.query(`create database ${half} owner ${testRole} strategy file_copy`);
  const superuserUrl = new URL(plan.superuser_url);
  superuserUrl.pathname = `/${half}`;
  await withSuperuser(superuserUrl.href, async (inside) => {
    for (const extension of plan.extensions) await inside.query(`create extension if not exists ${pg.escapeIdentifier(extension)}`);
  });
  url.pathname = `/${half}`;
  await migrate({ url: url.href, folders: plan.folders, log: silentLog });
  await client.query(`alter database ${half} rename to ${plan.name}`);
}
