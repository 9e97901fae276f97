/** SQL of the export: the catalogue in order of id, a piece at a time. */
import type { Queryable } from '@souk/postgres';
import type { StockedProduct } from '../domain/product.ts';
import { stockedColumns } from './products.ts';

/** The names of attributes and options that products have, sorted. Reads the catalogue once, as the export does. */
export function memberNames(db: Queryable, most: number): Promise<{ member: string; name: string }[]> {
  return db.query(
    `select distinct 'attributes' as member, k.key collate "C" as name from products p, jsonb_object_keys(p.attributes) as k (key)
     union all select distinct 'options', k.key collate "C" from products p, jsonb_object_keys(p.options) as k (key)
     order by member, name limit $1`,
    [most],
  );
}

/** Products after one, archived ones too. */
export function exportedProducts(db: Queryable, after: string | undefined, limit: number): Promise<StockedProduct[]> {
  return db.query<StockedProduct>(
    `select ${stockedColumns} from products p join product_stock s on s.product_id = p.id
     where ($1::uuid is null or p.id > $1) order by p.id limit $2`,
    [after ?? null, limit],
  );
}
