import type { Queryable } from '@souk/postgres';

export type ProductFactRow = {
  key: string;
  product_id: string;
  created_at_ms: number;
};

/** Every product that was ever sold or offered, for the auditor, in order of its id; `after` is the last id seen. */
export function productFacts(db: Queryable, after: string | undefined, limit: number): Promise<ProductFactRow[]> {
  return db.query<ProductFactRow>(
    `select id key, id product_id, floor(extract(epoch from created_at) * 1000)::int8 created_at_ms
     from products where id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by id limit $2`,
    [after ?? null, limit],
  );
}
