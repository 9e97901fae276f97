/** The databases of one simulating process, on a real PostgreSQL: made once, emptied before each run, watched while one goes on. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { silentLog } from '@souk/kernel';
import { type Database, openDatabase } from '@souk/postgres';
import { type SimulatedService, simulatedServices } from '../plan.ts';

const clockDigits = 20;
const terminateMs = 10_000;

/** `now()` and `clock_timestamp()` of a database say the virtual time; statements and defaults of columns find these before PostgreSQL's own. */
const clockSql = (file: string): readonly string[] => [
  'create schema simulated',
  `create function simulated.clock_timestamp() returns timestamptz language sql volatile as
     $$ select to_timestamp(pg_catalog.pg_read_file('${file}')::float8 / 1000) $$`,
  'create function simulated.now() returns timestamptz language sql stable as $$ select simulated.clock_timestamp() $$',
];

export interface SimulatedDatabases {
  urlOf(service: SimulatedService): string;
  /** Makes everything as it was after the migrations. */
  empty(): Promise<void>;
  /** What PostgreSQL says the time is, from now on. */
  showTime(now_ms: number): void;
  /** For each of these backends those whose locks it waits for. */
  blockers(pids: readonly number[]): Promise<Map<number, readonly number[]>>;
  /** Ends these backends, and waits until they are gone. */
  terminate(pids: readonly number[]): Promise<void>;
  /** Cancels what the backend is doing. */
  cancel(pid: number): Promise<void>;
  close(): Promise<void>;
}

/** Makes the databases of the process of this name; `migrate` brings one of them up to date. */
export async function makeDatabases(
  superuser_url: string,
  name: string,
  clock_file: string,
  migrate: (service: SimulatedService, url: string) => Promise<void>,
): Promise<SimulatedDatabases> {
  const open = (url: string): Database => openDatabase({ url, application_name: 'souk simulate', pool_max: 2, log: silentLog });
  const monitor = open(superuser_url);
  const file = openSync(clock_file, 'w', 0o644);
  const showTime = (now_ms: number): void => void writeSync(file, now_ms.toFixed(3).padStart(clockDigits), 0);
  showTime(Date.now());
  const own = new Map<SimulatedService, { url: string; db: Database }>();
  for (const service of simulatedServices) {
    const database = `simulate_${name}_${service}`;
    await monitor.query(`drop database if exists ${database} with (force)`);
    await monitor.query(`create database ${database}`);
    await monitor.query(`alter database ${database} set search_path = public, simulated, pg_catalog`);
    const url = new URL(superuser_url);
    url.pathname = `/${database}`;
    const db = open(url.href);
    for (const statement of clockSql(clock_file)) await db.query(statement);
    await migrate(service, url.href);
    own.set(service, { url: url.href, db });
  }
  const initial = new Map<SimulatedService, string[]>();
  for (const [service, { db }] of own) initial.set(service, await filledTables(db));
  return {
    urlOf: (service) => own.get(service)?.url as string,
    empty: async () => {
      await Promise.all([...own].map(([service, { db }]) => emptyTables(db, initial.get(service) ?? [])));
    },
    showTime,
    async blockers(pids) {
      const rows = await monitor.query<{ pid: number; blockers: number[] }>(
        'select pid, pg_blocking_pids(pid) blockers from unnest($1::int[]) pid',
        [pids],
      );
      return new Map(rows.map(({ pid, blockers }) => [pid, blockers]));
    },
    async terminate(pids) {
      if (pids.length > 0) await monitor.query('select pg_terminate_backend(pid, $2) from unnest($1::int[]) pid', [pids, terminateMs]);
    },
    async cancel(pid) {
      await monitor.query('select pg_cancel_backend($1)', [pid]);
    },
    async close() {
      await Promise.all([monitor.close(), ...[...own.values()].map(({ db }) => db.close())]);
      closeSync(file);
    },
  };
}

/** Tables with a page on the disk: what a run has written to, even where it was rolled back or deleted again. */
async function filledTables(db: Database): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_toast%'
       and pg_relation_size(c.oid) > 0 order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** All but what the migrations have filled. */
async function emptyTables(db: Database, kept: readonly string[]): Promise<void> {
  const tables = (await filledTables(db)).filter((name) => !kept.includes(name));
  if (tables.length > 0)
    await db.transaction(async (tx) => {
      // Ledgers refuse to be emptied; their triggers are those of a replica for this once.
      await tx.query(`set local session_replication_role = replica`);
      await tx.query(`truncate ${tables.join(', ')} cascade`);
    });
  await db.query(
    `select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) from pg_sequences where last_value is not null`,
  );
}
