import { AppError, assert } from '@souk/kernel';
import pg from 'pg';

/** Short enough that nothing is cut off (63 bytes) and no quoting is ever in question. */
const namePattern = /^[a-z][a-z0-9_]{0,47}$/;
const extensionPattern = /^[a-z][a-z0-9_]*$/;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'souk launcher', connectionTimeoutMillis: 10_000 });
  let lost: Error | undefined;
  client.on('error', (error) => {
    lost = error;
  });
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw lost === undefined ? error : new AppError('database_unavailable', 'The connection to PostgreSQL was lost.', {}, lost);
  } finally {
    await client.end();
  }
}

/**
 * Makes sure that there is a role `name` with this password and a database `name` it owns, that no other role may
 * connect to it, and that it has the extensions (which only a superuser may create). Repeating it changes nothing.
 */
export async function ensureOwnedDatabase(
  superuserUrl: (database: string) => string,
  name: string,
  password: string,
  extensions: readonly string[],
): Promise<void> {
  assert(namePattern.test(name), `${name} is a plain lower-case name`);
  assert(
    extensions.every((extension) => extensionPattern.test(extension)),
    'extensions are plain names',
  );
  await withClient(superuserUrl('postgres'), async (client) => {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      'select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $1) as database',
      [name],
    );
    await client.query(`${rows[0]?.role ? 'alter' : 'create'} role ${name} login password ${pg.escapeLiteral(password)}`);
    // Copied as files: written through the log it takes three times the CPU, and there is nothing to be held up by a checkpoint yet.
    if (!rows[0]?.database) await client.query(`create database ${name} owner ${name} strategy file_copy`);
    await client.query(`revoke connect, temporary on database ${name} from public`);
  });
  if (extensions.length === 0) return;
  await withClient(superuserUrl(name), async (client) => {
    for (const extension of extensions) await client.query(`create extension if not exists ${extension}`);
  });
}

/** The databases of a server but its own, sorted. */
export function databaseNames(superuser_url: string): Promise<string[]> {
  return withClient(superuser_url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      "select datname from pg_database where not datistemplate and datname <> 'postgres' order by 1",
    );
    return rows.map(({ datname }) => datname);
  });
}
