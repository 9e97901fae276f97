/** The database that a statement of a file is put to, and a fresh one of each for the check. */
import { dataServices, serviceEntry } from '@souk/contracts';
import { silentLog } from '@souk/kernel';
import { openDatabase, type Tx } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';

const inRoot = (path: string): URL => new URL(`../../${path}/`, import.meta.url);
const everyService = [inRoot('packages/service-kit/migrations'), inRoot('packages/messaging/migrations')];

/** A service's name, `broker` for the embedded broker, or `packages` for what packages keep in the database of every service. */
export function databaseOf(path: string): string {
  const service = /^services\/([^/]+)\//.exec(path)?.[1];
  if (service !== undefined) return service;
  return path.startsWith('packages/messaging/src/embedded/') ? 'broker' : 'packages';
}

function foldersOf(name: string): URL[] {
  if (name === 'broker') return [inRoot('packages/messaging/embedded-migrations')];
  if (name === 'packages') return everyService;
  if (dataServices.some((service) => service === name)) return [...everyService, inRoot(`services/${name}/migrations`)];
  throw new Error(`${name} has no database, and a statement is put to it`);
}

/** Work in a migrated database that is deleted behind it; all of it on one connection. */
export async function inDatabase<T>(name: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { url, drop } = await freshDatabase({ folders: foldersOf(name), extensions: serviceEntry(name)?.extensions ?? [] });
  const db = openDatabase({ url, application_name: 'souk statements', pool_max: 1, log: silentLog });
  try {
    return await db.transaction(work);
  } finally {
    await db.close();
    await drop();
  }
}
