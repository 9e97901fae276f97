import type { Queryable } from '@souk/postgres';

export type ProductAuditRecord = {
  key: string;
  product_id: string;
  version: number;
  sku: string;
  name: string;
  price: number;
  currency: string;
  status: string;
  stock_quantity: number | null;
  stock_version: number | null;
  created_at_ms: number;
  updated_at_ms: number;
};

/** Every product that was ever sold or offered, with the stock it shows, for the auditor, in order of its id; `after` is the last id seen. */
export function productRecords(db: Queryable, after: string | undefined, limit: number): Promise<ProductAuditRecord[]> {
  return db.query<ProductAuditRecord>(
    `select p.id key, p.id product_id, p.version, p.sku, p.name, p.price, p.currency, p.status, s.stock_quantity, s.stock_version,
       floor(extract(epoch from p.created_at) * 1000)::int8 created_at_ms, floor(extract(epoch from p.updated_at) * 1000)::int8 updated_at_ms
     from (select * from products where id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by id limit $2) p
     left join product_stock s on s.product_id = p.id
     order by p.id`,
    [after ?? null, limit],
  );
}
