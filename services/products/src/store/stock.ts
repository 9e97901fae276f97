import type { Tx } from '@souk/postgres';

export interface StockLevel {
  product_id: string;
  stock_quantity: number;
  stock_version: number;
}

/** Takes over the levels that are newer than what is known; answers the products whose level changed, and whether they came into stock or sold out. Rows are locked in order of id. */
export function takeStockLevels(tx: Tx, levels: readonly StockLevel[]): Promise<{ product_id: string; crossed_zero: boolean }[]> {
  return tx.query(
    `with newest as (
       select distinct on (product_id) product_id, stock_quantity, stock_version
       from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as given (product_id, stock_quantity, stock_version)
       order by product_id, stock_version desc
     ), locked as (
       select product_id, stock_quantity from product_stock where product_id in (select product_id from newest) order by product_id for update
     )
     update product_stock s set stock_quantity = n.stock_quantity, stock_version = n.stock_version
     from newest n join locked using (product_id)
     where s.product_id = n.product_id and s.stock_version < n.stock_version
     returning s.product_id, (locked.stock_quantity > 0) <> (n.stock_quantity > 0) as crossed_zero`,
    [levels.map((level) => level.product_id), levels.map((level) => level.stock_quantity), levels.map((level) => level.stock_version)],
  );
}
