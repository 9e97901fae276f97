import { settleRestore } from '@souk/backup';
import { mapBounded } from '@souk/kernel';
import type { EmbeddedPostgres } from '@souk/local-servers/postgres';
import { type DatabaseName, extensionsOf } from '../plan/databases.ts';

const databasesAtOnce = 3;

/** Sees to these databases of a home and to what a restored backup left to do in them; answers their URLs. */
export async function ensureDatabases<Name extends DatabaseName>(
  home: string,
  postgres: EmbeddedPostgres,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const ensured = await mapBounded(names, databasesAtOnce, async (name) => {
    return [name, await postgres.ensureDatabase(name, { extensions: extensionsOf(name) })] as const;
  });
  const users_url = ensured.find(([name]) => name === 'users')?.[1];
  if (users_url !== undefined) await settleRestore(home, users_url);
  return Object.fromEntries(ensured) as Record<Name, string>;
}
