/** SQL of the table stock. All statements lock rows in the order of their product. */

import { cacheKey } from '@souk/cache';
import type { Queryable, Tx } from '@souk/postgres';
import type { Stock } from '../domain/stock.ts';

const columns = `product_id, on_hand, reserved, stock_version, opened, published_version, published_available, change_reason, updated_at`;

export function stockKey(product_id: string): string {
  return cacheKey('inventory', 'stock', product_id);
}

export async function findStock(db: Queryable, product_id: string): Promise<Stock | undefined> {
  const rows = await db.query<Stock>(`select ${columns} from stock where product_id = $1`, [product_id]);
  return rows[0];
}

export function findStocks(db: Queryable, product_ids: readonly string[]): Promise<Stock[]> {
  return db.query<Stock>(`select ${columns} from stock where product_id = any($1::uuid[])`, [product_ids]);
}

/** The rows of these products, locked until the end of the transaction; products without a row are left out. */
export function lockStock(tx: Tx, product_ids: readonly string[]): Promise<Stock[]> {
  return tx.query<Stock>(`select ${columns} from stock where product_id = any($1::uuid[]) order by product_id for update`, [product_ids]);
}

/** Writes what movements have changed. */
export async function saveStock(tx: Tx, rows: readonly Stock[], updated_at: string): Promise<void> {
  await tx.query(
    `update stock s set on_hand = c.on_hand, reserved = c.reserved, stock_version = c.stock_version, change_reason = c.change_reason, updated_at = $6
     from unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::text[]) c (product_id, on_hand, reserved, stock_version, change_reason)
     where s.product_id = c.product_id`,
    [
      rows.map((row) => row.product_id),
      rows.map((row) => row.on_hand),
      rows.map((row) => row.reserved),
      rows.map((row) => row.stock_version),
      rows.map((row) => row.change_reason),
      updated_at,
    ],
  );
}

/** Makes the rows that are not there yet and answers their products. */
export async function insertNewStock(tx: Tx, rows: readonly Stock[]): Promise<Set<string>> {
  const sorted = [...rows].sort((left, right) => (left.product_id < right.product_id ? -1 : 1));
  const made = await tx.query<{ product_id: string }>(
    `insert into stock (${columns})
     select n.* from unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::bool[], $6::int[], $7::int[], $8::text[], $9::timestamptz[]) n
     on conflict (product_id) do nothing returning product_id`,
    [
      sorted.map((row) => row.product_id),
      sorted.map((row) => row.on_hand),
      sorted.map((row) => row.reserved),
      sorted.map((row) => row.stock_version),
      sorted.map((row) => row.opened),
      sorted.map((row) => row.published_version),
      sorted.map((row) => row.published_available),
      sorted.map((row) => row.change_reason),
      sorted.map((row) => row.updated_at),
    ],
  );
  return new Set(made.map((row) => row.product_id));
}

/** Locks those of the products whose opening stock has not been counted. */
export function lockUnopened(tx: Tx, product_ids: readonly string[]): Promise<Stock[]> {
  return tx.query<Stock>(`select ${columns} from stock where product_id = any($1::uuid[]) and not opened order by product_id for update`, [
    product_ids,
  ]);
}

export async function markOpened(tx: Tx, product_ids: readonly string[]): Promise<void> {
  await tx.query('update stock set opened = true where product_id = any($1::uuid[])', [product_ids]);
}

/**
 * Locks the rows of these products that no other transaction has locked and that were not announced within the interval. The
 * time is the database's, because it must be the same one for all replicas.
 */
export function lockUnannounced(tx: Tx, product_ids: readonly string[], interval_ms: number): Promise<Stock[]> {
  return tx.query<Stock>(
    `select ${columns} from stock
     where product_id = any($1::uuid[]) and (published_at is null or published_at <= clock_timestamp() - $2::int * interval '1 ms')
     order by product_id for update skip locked`,
    [product_ids, interval_ms],
  );
}

/** Notes that these rows, locked before, are announced as they are; the interval starts for those whose change is published. */
export async function markAnnounced(tx: Tx, product_ids: readonly string[]): Promise<void> {
  await tx.query(
    `update stock set published_version = stock_version, published_available = on_hand - reserved,
       published_at = case when published_version > 1 and published_available = on_hand - reserved then published_at else clock_timestamp() end
     where product_id = any($1::uuid[])`,
    [product_ids],
  );
}

/** Products with changes that were never announced, by a scan of the whole table. */
export async function findUnannounced(db: Queryable, most: number): Promise<string[]> {
  const rows = await db.query<{ product_id: string }>('select product_id from stock where published_version < stock_version limit $1', [
    most,
  ]);
  return rows.map((row) => row.product_id);
}

/** More changes of one product than any backup is old. */
const versionsSkipped = 1_000_000;

/** Makes every row newer than all that was ever published about it, and not announced yet. */
export async function renumberStock(tx: Tx): Promise<void> {
  await tx.query('update stock set stock_version = stock_version + $1, published_version = 1', [versionsSkipped]);
}

export interface StockListing {
  low_stock_below: number | undefined;
  before: string | undefined;
  skip: number;
  limit: number;
}

/** Newest products first: their ids grow with time. */
export function listStockRows(db: Queryable, { low_stock_below, before, skip, limit }: StockListing): Promise<Stock[]> {
  return db.query<Stock>(
    `select ${columns} from stock
     where ($1::int is null or on_hand - reserved < $1) and product_id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
     order by product_id desc offset $3 limit $4`,
    [low_stock_below ?? null, before ?? null, skip, limit],
  );
}
