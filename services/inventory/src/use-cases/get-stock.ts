import { type Availability, refusal } from '@souk/contracts';
import { inOrderOf } from '@souk/service-kit';
import type { InventoryContext } from '../context.ts';
import { availableOf, type Stock } from '../domain/stock.ts';
import { findStock, findStocks, stockKey } from '../store/stock.ts';

/** How far behind the public view of one instance may be when another instance changed the stock. */
const publicTtlMs = 1_000;
/** While the database is away, an answer this old is better than none. */
const publicStaleMs = 30_000;

/** What everybody may know of a product's stock. */
export async function getPublicStock(ctx: InventoryContext, product_id: string): Promise<Availability> {
  const stock = await ctx.stockReads.getOrLoad(stockKey(product_id), {
    ttl_ms: publicTtlMs,
    stale_ms: publicStaleMs,
    load: async () => {
      const stock = await findStock(ctx.db, product_id);
      return stock && availabilityOf(stock);
    },
  });
  return found(stock);
}

/** What staff see: always as it is now. */
export async function getFullStock(ctx: InventoryContext, product_id: string): Promise<Stock> {
  return found(await findStock(ctx.db, product_id));
}

/** What everybody may know of these products, as it is now; those that are not known here are left out. */
export async function getAvailability(ctx: InventoryContext, product_ids: readonly string[]): Promise<Availability[]> {
  const rows = await findStocks(ctx.db, product_ids);
  return inOrderOf(product_ids, rows.map(availabilityOf), ({ product_id }) => product_id);
}

function availabilityOf(stock: Stock): Availability {
  const { product_id, stock_version, updated_at } = stock;
  return { product_id, available: availableOf(stock), stock_version, updated_at };
}

function found<T>(stock: T | undefined): T {
  if (stock === undefined) throw refusal('not_found', 'There is no such product in stock.');
  return stock;
}
