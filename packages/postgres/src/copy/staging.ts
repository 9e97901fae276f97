/**
 * Databases that are filled under another name and take the place of those of a shop all at once. Renaming a database is
 * transactional in PostgreSQL (creating and dropping one is not), so all change places in one transaction of one server.
 */
import { assert } from '@souk/kernel';
import pg from 'pg';
import { asKnownError } from '../errors.ts';
import { connectForCopy } from './snapshot.ts';

const namePattern = /^[a-z][a-z0-9_]{0,40}$/;
const stagingSuffix = '_restoring';
const replacedSuffix = '_replaced';

/** Makes an empty database beside `name`, owned by the role `name`, and gives its URL for that role, which `role_url` signs in. An earlier one is deleted. */
export async function makeStaging(
  superuser_url: string,
  { name, role_url, extensions }: { name: string; role_url: string; extensions: readonly string[] },
): Promise<string> {
  assert(namePattern.test(name), `${name} is a plain lower-case name`);
  const staging = `${name}${stagingSuffix}`;
  await asSuperuser(superuser_url, async (client) => {
    await client.query(`drop database if exists ${staging} with (force)`);
    await client.query(`create database ${staging} owner ${name}`);
    await client.query(`revoke connect, temporary on database ${staging} from public`);
  });
  await asSuperuser(atDatabase(superuser_url, staging), async (client) => {
    for (const extension of extensions) await client.query(`create extension if not exists ${pg.escapeIdentifier(extension)}`);
  });
  return atDatabase(role_url, staging);
}

/** Puts the filled databases in the place of those named, in one transaction. No client may be connected to either. */
export async function swapStaging(superuser_url: string, names: readonly string[]): Promise<void> {
  await asSuperuser(superuser_url, async (client) => {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
    const present = new Set(rows.map(({ datname }) => datname));
    for (const name of names)
      if (present.has(`${name}${replacedSuffix}`)) await client.query(`drop database ${name}${replacedSuffix} with (force)`);
    await client.query('begin');
    for (const name of names) {
      if (present.has(name)) await client.query(`alter database ${name} rename to ${name}${replacedSuffix}`);
      await client.query(`alter database ${name}${stagingSuffix} rename to ${name}`);
    }
    await client.query('commit');
  });
}

/** Deletes what a swap replaced and what an interrupted restore left beside the databases. */
export async function dropLeftovers(superuser_url: string, names: readonly string[]): Promise<void> {
  await asSuperuser(superuser_url, async (client) => {
    for (const name of names)
      for (const suffix of [stagingSuffix, replacedSuffix]) await client.query(`drop database if exists ${name}${suffix} with (force)`);
  });
}

function atDatabase(url: string, database: string): string {
  const target = new URL(url);
  target.pathname = `/${database}`;
  return target.href;
}

async function asSuperuser(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = await connectForCopy(url, 'souk restore');
  try {
    await work(client);
  } catch (error) {
    throw asKnownError(error);
  } finally {
    await client.end();
  }
}
