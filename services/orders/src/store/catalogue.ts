import type { Queryable } from '@souk/postgres';
import type { CatalogueProduct } from '../domain/goods.ts';

/**
 * Keeps what is newer than what is known; each product at most once in `products`. An archiving keeps the texts, and what is
 * not said of tax, weight, group and category stays as it was: an older version of `products` says nothing of them. A version
 * that came without its group is taken once more with it.
 */
export async function keepNewer(db: Queryable, products: readonly CatalogueProduct[]): Promise<void> {
  const sorted = [...products].sort((left, right) => (left.product_id < right.product_id ? -1 : 1));
  await db.query(
    `insert into catalogue as c (product_id, product_version, sku, name, price, currency, status, tax_class, weight_g, group_id, category)
     select * from json_to_recordset($1::json) as p (product_id uuid, product_version integer, sku text, name text, price bigint, currency text, status text,
       tax_class text, weight_g integer, group_id uuid, category text)
     on conflict (product_id) do update set
       product_version = excluded.product_version, sku = coalesce(excluded.sku, c.sku), name = coalesce(excluded.name, c.name),
       price = coalesce(excluded.price, c.price), currency = coalesce(excluded.currency, c.currency), status = excluded.status,
       tax_class = coalesce(excluded.tax_class, c.tax_class), weight_g = coalesce(excluded.weight_g, c.weight_g),
       group_id = coalesce(excluded.group_id, c.group_id), category = coalesce(excluded.category, c.category)
     where c.product_version = excluded.product_version and c.group_id is null and excluded.group_id is not null
       or c.product_version < excluded.product_version`,
    [JSON.stringify(sorted)],
  );
}
