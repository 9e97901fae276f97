import type { Tx } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import { productKey } from '../store/products.ts';
import { type StockLevel, takeStockLevels } from '../store/stock.ts';

/** Keeps the copy of what inventory says: only newer levels count, and the product itself stays as it is. */
export async function takeStock(ctx: ProductsContext, tx: Tx, levels: readonly StockLevel[]): Promise<void> {
  const changed = await takeStockLevels(tx, levels);
  if (changed.length === 0) return;
  tx.onCommit(() => {
    // Forgets in this process before it returns; publishing to other instances goes on by itself and cannot fail.
    void ctx.cache.invalidate({ keys: changed.map(productKey) });
    ctx.stockNews.changed();
  });
}
