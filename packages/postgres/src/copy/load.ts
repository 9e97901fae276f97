/** Fills an empty database from what a snapshot read, in one transaction. */
import type { Writable } from 'node:stream';
import type pg from 'pg';
import copy from 'pg-copy-streams';
import { asKnownError } from '../errors.ts';
import { columnList, connectForCopy, quoted, type SequenceState, type TableShape } from './snapshot.ts';

/** A note in the database that says from which backup it was filled. */
export interface Restoration {
  /** UUID of the backup. */
  backup_id: string;
  /** Everything that changed from then on is published once more; RFC 3339. */
  republish_since: string;
}

export interface Load {
  /** Lines in COPY's text form; wait for the end of the stream before the next table. */
  write(table: TableShape): Writable & { rowCount: number };
  setSequence(state: SequenceState): Promise<void>;
  /** Makes it all true at once; `restoration`: and notes where it came from. */
  commit(restoration?: Restoration): Promise<void>;
  /** Without a commit before it, nothing was written. */
  close(): Promise<void>;
}

/** What is in a database before anything is restored into it. */
export interface TargetState {
  /** Tables of any owner, at most ten. */
  tables: string[];
  /** The backup that an earlier restore began to write here and did not finish, or has finished. */
  restoration: { backup_id: string; finished: boolean } | undefined;
  /** Names of the programs connected to it, at most ten. */
  connected: string[];
}

const restorationsTable = `create table if not exists restorations (
  backup_id uuid primary key,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  republish_since timestamptz,
  republished_at timestamptz
)`;

/** Looks at a database without changing it. Errors: `database_unavailable`. */
export async function inspectTarget(url: string): Promise<TargetState> {
  return withClient(url, async (client) => {
    const tables = await client.query<{ name: string }>(
      `select format('%s.%s', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') and tablename not in ('schema_migrations', 'restorations')
       order by 1 limit 10`,
    );
    const names = tables.rows.map(({ name }) => name);
    const rows = (await hasRestorations(client))
      ? (
          await client.query<{ backup_id: string; finished: boolean }>(
            'select backup_id, finished_at is not null as finished from restorations order by started_at',
          )
        ).rows
      : [];
    const others = await client.query<{ name: string }>(
      `select distinct coalesce(nullif(application_name, ''), usename, 'another program') as name from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' limit 10`,
    );
    return { tables: names, restoration: rows.at(-1), connected: others.rows.map(({ name }) => name) };
  });
}

/** Notes that a restore of this backup begins, so that it can go on after it was killed. */
export async function beginRestoration(url: string, backup_id: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(restorationsTable);
    await client.query('insert into restorations (backup_id) values ($1) on conflict (backup_id) do nothing', [backup_id]);
  });
}

/** Opens the transaction that fills the database, whose tables are as its migrations made them. Errors: `database_unavailable`. */
export async function openLoad(url: string, tables: readonly TableShape[]): Promise<Load> {
  const client = await connectForCopy(url, 'souk restore');
  try {
    await client.query('begin');
    if (tables.some(({ name }) => name === 'public.restorations')) await client.query(restorationsTable);
    // Rows that a migration wrote are in the backup, too.
    for (const { name } of tables.toReversed()) {
      const { rows } = await client.query<{ used: boolean }>(`select exists (select from ${quoted(name)}) as used`);
      if (rows[0]?.used) await client.query(`delete from ${quoted(name)}`);
    }
  } catch (error) {
    await client.end();
    throw asKnownError(error);
  }
  return {
    write: ({ name, columns }) => client.query(copy.from(`copy ${quoted(name)} (${columnList(columns)}) from stdin`)),
    async setSequence({ name, last_value, is_called }) {
      await client.query('select setval($1::regclass, $2::bigint, $3)', [quoted(name), last_value, is_called]);
    },
    async commit(restoration) {
      if (restoration)
        await client.query('update restorations set finished_at = clock_timestamp(), republish_since = $2 where backup_id = $1', [
          restoration.backup_id,
          restoration.republish_since,
        ]);
      await client.query('commit');
      // The statistics of a database just filled are those of an empty one.
      await client.query('analyze');
    },
    close: () => client.end(),
  };
}

async function hasRestorations(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass('public.restorations') is not null as there`);
  return rows[0]?.there === true;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectForCopy(url, 'souk restore');
  try {
    return await work(client);
  } catch (error) {
    throw asKnownError(error);
  } finally {
    await client.end();
  }
}
