import type { Queryable } from '@souk/postgres';
import type { CatalogueProduct } from '../domain/order.ts';

/** Keeps what is newer than what is known; each product at most once in `products`. An archiving keeps the texts. */
export async function keepNewer(db: Queryable, products: readonly CatalogueProduct[]): Promise<void> {
  const sorted = [...products].sort((left, right) => (left.product_id < right.product_id ? -1 : 1));
  await db.query(
    `insert into catalogue as c (product_id, product_version, sku, name, price, currency, status)
     select * from json_to_recordset($1::json) as p (product_id uuid, product_version integer, sku text, name text, price bigint, currency text, status text)
     on conflict (product_id) do update set
       product_version = excluded.product_version, sku = coalesce(excluded.sku, c.sku), name = coalesce(excluded.name, c.name),
       price = coalesce(excluded.price, c.price), currency = coalesce(excluded.currency, c.currency), status = excluded.status
     where c.product_version < excluded.product_version`,
    [JSON.stringify(sorted)],
  );
}
