/** Two small databases of one shop, with every kind of table that a backup has to carry. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { RestoreTarget } from '@souk/backup';
import { silentLog } from '@souk/kernel';
import { type Database, migrate, openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';

const tables = `
  create table shelves (id bigint generated always as identity primary key, label text not null);
  create schema side;
  create table side.things (
    id uuid primary key, shelf_id bigint references shelves, note text, raw bytea, extra jsonb,
    amount numeric(20, 4), doubled numeric generated always as (amount * 2) stored, at timestamptz not null default now()
  );
  create table aisles (name text primary key, shelf_id bigint not null references shelves);
  create sequence numbers start 100;
  create table days (day date not null, what text) partition by range (day);
  create table days_other partition of days default;
  create table ledger (id int primary key);
  create function refuse() returns trigger language plpgsql as $$ begin raise exception 'append only'; end $$;
  create trigger ledger_append_only before update or delete or truncate on ledger for each statement execute function refuse();
  insert into shelves (label) values ('made by a migration');`;

export interface SmallShop {
  folders: URL[];
  databases: { name: string; url: string }[];
  orders: Database;
}

export async function tempFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-backup-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function emptyDatabase(t: TestContext): Promise<string> {
  const fresh = await freshDatabase();
  t.after(() => fresh.drop());
  return fresh.url;
}

export function open(t: TestContext, url: string): Database {
  const db = openDatabase({ url, application_name: 'souk test', pool_max: 2, log: silentLog });
  t.after(() => db.close());
  return db;
}

/** Fills `orders` with rows that try the text form: line breaks, tabs, backslashes, the end mark, nulls and empty texts. */
export async function smallShop(t: TestContext): Promise<SmallShop> {
  const folder = join(await tempFolder(t), 'shop', 'migrations');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '0001_tables.sql'), tables);
  const folders = [pathToFileURL(`${folder}/`)];
  const databases = [];
  for (const name of ['stock', 'orders']) {
    const url = await emptyDatabase(t);
    await migrate({ url, folders, log: silentLog });
    databases.push({ name, url });
  }
  const orders = open(t, databases[1]?.url ?? '');
  await orders.query(
    `insert into side.things (id, shelf_id, note, raw, extra, amount)
     select gen_random_uuid(), 1, (array[E'two\\nlines', E'a\\ttab', E'\\\\.', E'\\\\N', '', null, 'Ünï 🧺'])[1 + n % 7], decode(md5(n::text), 'hex'),
       jsonb_build_object('n', n, 'text', E'x\\ny'), n * 0.0101 from generate_series(1, 500) n`,
  );
  await orders.query(`insert into aisles values ('north', 1)`);
  await orders.query(`insert into days values ('2026-01-02', 'sale'), ('2026-02-03', null)`);
  await orders.query('insert into ledger select generate_series(1, 3)');
  await orders.query(`select nextval('numbers'), nextval('numbers')`);
  return { folders, databases, orders };
}

/** Databases to restore into, which get the migrations of the shop. */
export async function targetsOf(t: TestContext, shop: SmallShop): Promise<RestoreTarget[]> {
  return Promise.all(
    shop.databases.map(async ({ name }) => {
      const url = await emptyDatabase(t);
      return { name, url, migrate: async (only) => void (await migrate({ url, folders: shop.folders, only, log: silentLog })) };
    }),
  );
}

export const contents = `select
  (select jsonb_agg(to_jsonb(t) order by id) from side.things t) as things,
  (select jsonb_agg(to_jsonb(t) order by id) from shelves t) as shelves,
  (select jsonb_agg(to_jsonb(t) order by day) from days t) as days,
  (select jsonb_agg(to_jsonb(t)) from aisles t) as aisles,
  (select count(*)::int from ledger) as ledger`;
