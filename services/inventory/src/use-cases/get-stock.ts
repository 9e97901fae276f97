import { refusal } from '@souk/contracts';
import type { InventoryContext } from '../context.ts';
import { availableOf, type Stock } from '../domain/stock.ts';
import { findStock, stockKey } from '../store/stock.ts';

/** How far behind the public view of one instance may be when another instance changed the stock. */
const publicTtlMs = 1_000;
/** While the database is away, an answer this old is better than none. */
const publicStaleMs = 30_000;

export interface PublicStock {
  product_id: string;
  available: number;
  stock_version: number;
  updated_at: string;
}

/** What everybody may know of a product's stock. */
export async function getPublicStock(ctx: InventoryContext, product_id: string): Promise<PublicStock> {
  const stock = await ctx.stockReads.getOrLoad(stockKey(product_id), {
    ttl_ms: publicTtlMs,
    stale_ms: publicStaleMs,
    load: async () => publicStockOf(await findStock(ctx.db, product_id)),
  });
  return found(stock);
}

/** What staff see: always as it is now. */
export async function getFullStock(ctx: InventoryContext, product_id: string): Promise<Stock> {
  return found(await findStock(ctx.db, product_id));
}

function publicStockOf(stock: Stock | undefined): PublicStock | undefined {
  if (stock === undefined) return undefined;
  const { product_id, stock_version, updated_at } = stock;
  return { product_id, available: availableOf(stock), stock_version, updated_at };
}

function found<T>(stock: T | undefined): T {
  if (stock === undefined) throw refusal('not_found', 'There is no such product in stock.');
  return stock;
}
