import type { Tx } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import { groupsOfHeld, lockGroups } from '../store/groups.ts';
import { productKey } from '../store/products.ts';
import { type StockLevel, takeStockLevels } from '../store/stock.ts';
import { refreshGroups } from './refresh-groups.ts';

/** Keeps the copy of what inventory says: only newer levels count, and the product itself stays as it is. */
export async function takeStock(ctx: ProductsContext, tx: Tx, levels: readonly StockLevel[]): Promise<void> {
  const taken = await takeStockLevels(tx, levels);
  if (taken.length === 0) return;
  const changed = taken.map(({ product_id }) => product_id);
  await keepAvailability(
    ctx,
    tx,
    taken.filter(({ crossed_zero }) => crossed_zero).map(({ product_id }) => product_id),
  );
  tx.onCommit(() => {
    // Forgets in this process before it returns; publishing to other instances goes on by itself and cannot fail.
    void ctx.cache.invalidate({ keys: changed.map(productKey) });
    ctx.stockNews.changed();
  });
}

/** A group says how many of its variants are in stock: that changes where one came into stock or sold out. */
async function keepAvailability(ctx: ProductsContext, tx: Tx, product_ids: readonly string[]): Promise<void> {
  if (product_ids.length === 0) return;
  const ids = [...new Set(await groupsOfHeld(tx, product_ids))].sort();
  await lockGroups(tx, ids);
  await refreshGroups(ctx, tx, ids);
}
