/** Reads a whole database as it is at one instant: tables by COPY, in the text form that every major version of PostgreSQL reads. */
import type { Readable } from 'node:stream';
import { AppError } from '@souk/kernel';
import pg from 'pg';
import copy from 'pg-copy-streams';
import { asKnownError } from '../errors.ts';
import { prepareSession } from '../session.ts';

/** One table of a database; `name` with its schema, such as `public.orders`. */
export interface TableShape {
  name: string;
  /** Those that hold data; computed columns are left out. */
  columns: string[];
}

/** A migration that a database has had. */
export interface AppliedMigration {
  folder: string;
  name: string;
  checksum: string;
}

/** Where a sequence stands. */
export interface SequenceState {
  name: string;
  last_value: string;
  is_called: boolean;
}

export interface Snapshot {
  /** When it was taken, by the server's clock, RFC 3339. */
  taken_at: string;
  /** Such as `18.4`. */
  server_version: string;
  migrations: AppliedMigration[];
  /** Tables that are referred to come before those that refer to them. */
  tables: TableShape[];
  /** The rows of a table, one line each, in COPY's text form. Read one table at a time, to its end. */
  read(table: TableShape): Readable & { rowCount: number };
  /** Read last: a sequence does not belong to a snapshot, and must not stand before a value that was read. */
  sequences(): Promise<SequenceState[]>;
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;
const foreignSchemas = `('pg_catalog', 'information_schema')`;

/** Tables that belong to one database and not to what it holds. */
const ownTables = ['schema_migrations', 'restorations'];

const tablesQuery = `
  select format('%s.%s', n.nspname, c.relname) as name,
    array(select a.attname::text from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
    array(select distinct format('%s.%s', rn.nspname, r.relname) from pg_constraint k
      join pg_class r on r.oid = k.confrelid join pg_namespace rn on rn.oid = r.relnamespace
      where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as refers_to
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p'
    and n.nspname not in ${foreignSchemas} and n.nspname not like 'pg\\_%'
    and c.relname <> all($1)
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  order by 1`;

const sequencesQuery = `
  select format('%s.%s', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'S' and n.nspname not in ${foreignSchemas} order by 1`;

/**
 * Takes a snapshot of the database at `url`: what is committed now, whatever is written afterwards. `notes`: with what an earlier
 * restore noted in it. Close it soon: until then the server keeps every row version that was deleted since. Errors:
 * `database_unavailable`, `database_foreign`.
 */
export async function openSnapshot(url: string, { notes = false }: { notes?: boolean } = {}): Promise<Snapshot> {
  const client = await connectForCopy(url, 'souk backup');
  try {
    await client.query('begin isolation level repeatable read, read only');
    const { rows } = await client.query<{ taken_at: Date; version: string }>(
      `select clock_timestamp() as taken_at, current_setting('server_version') as version`,
    );
    const migrations = await appliedMigrations(client);
    const tables = await client.query<TableShape & { refers_to: string[] }>(tablesQuery, [notes ? ownTables.slice(0, 1) : ownTables]);
    return {
      taken_at: rows[0]?.taken_at.toISOString() ?? '',
      server_version: rows[0]?.version.split(' ')[0] ?? '',
      migrations,
      tables: inOrderOfReference(tables.rows),
      read: ({ name, columns }) => client.query(copy.to(`copy (select ${columnList(columns)} from ${quoted(name)}) to stdout`)),
      sequences: () => sequenceStates(client),
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw asKnownError(error);
  }
}

/** A connection of its own without time limits for statements: a large table takes its time. */
export async function connectForCopy(url: string, application_name: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  });
  // A lost connection also fails the statement under way, which is where it is reported.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await prepareSession(client);
  } catch (error) {
    throw asKnownError(error);
  }
  return client;
}

/** The migrations that were applied, in their order. Errors: `database_foreign` where Souk has never been. */
async function appliedMigrations(client: pg.Client): Promise<AppliedMigration[]> {
  const known = await client.query<{ known: boolean }>(`select to_regclass('public.schema_migrations') is not null as known`);
  if (!known.rows[0]?.known) throw new AppError('database_foreign', `The database ${client.database ?? ''} is not one of Souk's.`);
  const { rows } = await client.query<AppliedMigration>(
    'select folder, name, checksum from schema_migrations order by applied_at, folder, name',
  );
  return rows;
}

async function sequenceStates(client: pg.Client): Promise<SequenceState[]> {
  const { rows } = await client.query<{ name: string }>(sequencesQuery);
  const states: SequenceState[] = [];
  for (const { name } of rows) {
    const state = await client.query<Omit<SequenceState, 'name'>>(`select last_value::text, is_called from ${quoted(name)}`);
    const [row] = state.rows;
    if (row) states.push({ name, ...row });
  }
  return states;
}

/** Each table after all that it refers to. References in a circle would need deferred constraints, which Souk has none of. */
function inOrderOfReference(tables: readonly (TableShape & { refers_to: string[] })[]): TableShape[] {
  const ordered: TableShape[] = [];
  const waiting = [...tables];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ refers_to }) => refers_to.every((name) => ordered.some((table) => table.name === name)));
    const [table] = waiting.splice(Math.max(0, next), 1);
    if (table) ordered.push({ name: table.name, columns: table.columns });
  }
  return ordered;
}

/** `public.orders` as SQL. */
export function quoted(name: string): string {
  return name.split('.').map(pg.escapeIdentifier).join('.');
}

export function columnList(columns: readonly string[]): string {
  return columns.map(pg.escapeIdentifier).join(', ');
}
