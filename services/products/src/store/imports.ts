/** SQL of imports that go on by themselves. What writes an import locks its row first. */
import type { Cause } from '@souk/messaging';
import type { Queryable, Tx } from '@souk/postgres';
import type { ImportPlan, ImportRecord } from '../domain/product-import.ts';

/** With who started it, for its events. */
export type PlannedImport = ImportPlan & { cause: Cause };
export type StoredImport = ImportRecord & { cause: Cause };

const columns = `id, state, stock, dry_run, ignore_unknown, cause, rows_done, created, updated, unchanged, refused, stock_stated, stock_refused,
  ignored_columns, detail, created_at, ended_at`;

/** Makes an import whose file is yet to arrive. */
export async function insertImport(db: Queryable, id: string, plan: PlannedImport, created_at: string): Promise<void> {
  const { stock, dry_run, ignore_unknown, cause } = plan;
  await db.query(
    `insert into imports (id, state, stock, dry_run, ignore_unknown, cause, created_at) values ($1, 'receiving', $2, $3, $4, $5::json, $6)`,
    [id, stock, dry_run, ignore_unknown, JSON.stringify(cause), created_at],
  );
}

export async function countUnderWay(db: Queryable): Promise<number> {
  const rows = await db.query<{ count: number }>(
    "select count(*)::integer as count from imports where state in ('receiving', 'waiting', 'running')",
  );
  return rows[0]?.count ?? 0;
}

export async function insertPiece(db: Queryable, import_id: string, number: number, bytes: Buffer): Promise<void> {
  await db.query('insert into import_pieces (import_id, number, bytes) values ($1, $2, $3)', [import_id, number, bytes]);
}

export async function findPiece(db: Queryable, import_id: string, number: number): Promise<Buffer | undefined> {
  const rows = await db.query<{ bytes: Buffer }>('select bytes from import_pieces where import_id = $1 and number = $2', [
    import_id,
    number,
  ]);
  return rows[0]?.bytes;
}

/** The file has arrived. */
export async function startWaiting(db: Queryable, id: string): Promise<StoredImport | undefined> {
  const rows = await db.query<StoredImport>(
    `update imports set state = 'waiting' where id = $1 and state = 'receiving' returning ${columns}`,
    [id],
  );
  return rows[0];
}

export async function findImport(db: Queryable, id: string): Promise<StoredImport | undefined> {
  const rows = await db.query<StoredImport>(`select ${columns} from imports where id = $1`, [id]);
  return rows[0];
}

export interface ImportFilter {
  /** Those in these states alone; null: in any. */
  states: readonly string[] | null;
  before: string | undefined;
  skip: number;
  limit: number;
}

/** Newest first: ids are made in order of time. */
export function listImports(db: Queryable, { states, before, skip, limit }: ImportFilter): Promise<StoredImport[]> {
  return db.query<StoredImport>(
    `select ${columns} from imports where ($1::text[] is null or state = any($1::text[])) and ($2::uuid is null or id < $2)
     order by id desc offset $3 limit $4`,
    [states, before ?? null, skip, limit],
  );
}

/** Takes over an import that no process carries on, the oldest first. */
export async function claimImport(
  db: Queryable,
  claim: { lease_id: string; now: string; lease_until: string },
): Promise<StoredImport | undefined> {
  const rows = await db.query<StoredImport>(
    `update imports set state = 'running', lease_id = $1, lease_until = $3
     where id = (
       select id from imports where state in ('waiting', 'running') and (lease_until is null or lease_until <= $2)
       order by id limit 1 for update skip locked
     ) returning ${columns}`,
    [claim.lease_id, claim.now, claim.lease_until],
  );
  return rows[0];
}

/** Whether this process still carries the import on; the lease goes on, and within a transaction the row is locked. */
export async function holdImport(db: Queryable, id: string, lease_id: string, lease_until: string): Promise<boolean> {
  const rows = await db.query("update imports set lease_until = $3 where id = $1 and lease_id = $2 and state = 'running' returning 1", [
    id,
    lease_id,
    lease_until,
  ]);
  return rows.length > 0;
}

/** Lets another process carry it on at once. */
export async function releaseImport(db: Queryable, id: string, lease_id: string): Promise<void> {
  await db.query(
    "update imports set state = 'waiting', lease_id = null, lease_until = null where id = $1 and lease_id = $2 and state = 'running'",
    [id, lease_id],
  );
}

export type ImportProgress = Pick<
  ImportRecord,
  'id' | 'rows_done' | 'created' | 'updated' | 'unchanged' | 'refused' | 'stock_stated' | 'ignored_columns'
>;

export async function saveProgress(tx: Tx, progress: ImportProgress): Promise<void> {
  const { id, rows_done, created, updated, unchanged, refused, stock_stated, ignored_columns } = progress;
  await tx.query(
    `update imports set rows_done = $2, created = $3, updated = $4, unchanged = $5, refused = $6, stock_stated = stock_stated + $7,
       ignored_columns = $8 where id = $1`,
    [id, rows_done, created, updated, unchanged, refused, stock_stated, ignored_columns],
  );
}

export async function insertRefusals(
  tx: Tx,
  import_id: string,
  refusals: readonly { line: number; reason: string; handle?: string | undefined }[],
): Promise<void> {
  if (refusals.length === 0) return;
  await tx.query(
    `insert into import_refusals (import_id, line, handle, reason)
     select $1, line, handle, reason from unnest($2::integer[], $3::text[], $4::text[]) as given (line, handle, reason)`,
    [import_id, refusals.map(({ line }) => line), refusals.map(({ handle }) => handle ?? null), refusals.map(({ reason }) => reason)],
  );
}

/** Refused rows in the order of the file; several may be of one line. */
export function findRefusals(
  db: Queryable,
  import_id: string,
  { skip, limit }: { skip: number; limit: number },
): Promise<{ line: number; handle: string | null; reason: string }[]> {
  return db.query('select line, handle, reason from import_refusals where import_id = $1 order by line, reason offset $2 limit $3', [
    import_id,
    skip,
    limit,
  ]);
}

export interface StatedRow {
  product_id: string;
  line: number;
  handle: string | null;
}

/** Notes what is stated of products; answers those of which the import has not stated anything yet. */
export async function claimStatements(tx: Tx, import_id: string, rows: readonly StatedRow[]): Promise<Set<string>> {
  const claimed = await tx.query<{ product_id: string }>(
    `insert into import_statements (import_id, product_id, line, handle)
     select $1, product_id, line, handle from unnest($2::uuid[], $3::integer[], $4::text[]) as given (product_id, line, handle)
     order by product_id on conflict (import_id, product_id) do nothing returning product_id`,
    [import_id, rows.map(({ product_id }) => product_id), rows.map(({ line }) => line), rows.map(({ handle }) => handle)],
  );
  return new Set(claimed.map(({ product_id }) => product_id));
}

/** Marks statements that inventory has refused, each once; answers where they were in their files. */
export function refuseStatements(
  tx: Tx,
  keys: readonly { import_id: string; product_id: string }[],
): Promise<(StatedRow & { import_id: string })[]> {
  return tx.query(
    `with counted as (
       update import_statements t set is_refused = true from unnest($1::uuid[], $2::uuid[]) as given (import_id, product_id)
       where t.import_id = given.import_id and t.product_id = given.product_id and not t.is_refused
       returning t.import_id, t.product_id, t.line, t.handle
     ), noted as (
       update imports i set stock_refused = i.stock_refused + c.number
       from (select import_id, count(*)::integer as number from counted group by import_id) c where i.id = c.import_id
     )
     select import_id, product_id, line, handle from counted`,
    [keys.map(({ import_id }) => import_id), keys.map(({ product_id }) => product_id)],
  );
}

/** Ends an import that is under way, and drops its file. Answers whether it was. */
export async function endImport(
  tx: Tx,
  id: string,
  end: { state: 'done' | 'failed' | 'cancelled'; detail: string | null; ended_at: string; lease_id: string | undefined },
): Promise<boolean> {
  const rows = await tx.query(
    `update imports set state = $2, detail = $3, ended_at = $4, lease_id = null, lease_until = null
     where id = $1 and state in ('waiting', 'running') and ($5::uuid is null or lease_id = $5) returning 1`,
    [id, end.state, end.detail, end.ended_at, end.lease_id ?? null],
  );
  if (rows.length > 0) await tx.query('delete from import_pieces where import_id = $1', [id]);
  return rows.length > 0;
}

/** Drops imports with all that is kept of them: old ones, and those whose file never arrived whole. */
export async function forgetImports(tx: Tx, before: { ended: string; receiving: string }, most: number): Promise<number> {
  const rows = await tx.query<{ id: string }>(
    `delete from imports where id in (
       select id from imports where (state = 'receiving' and created_at < $2) or (ended_at is not null and created_at < $1)
       order by created_at limit $3 for update skip locked
     ) returning id`,
    [before.ended, before.receiving, most],
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) await dropParts(tx, ids);
  return ids.length;
}

async function dropParts(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query('delete from import_pieces where import_id = any($1::uuid[])', [ids]);
  await tx.query('delete from import_refusals where import_id = any($1::uuid[])', [ids]);
  await tx.query('delete from import_statements where import_id = any($1::uuid[])', [ids]);
}

/** An import whose file is of no use. */
export async function dropImport(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from imports where id = $1', [id]);
  await dropParts(tx, [id]);
}
