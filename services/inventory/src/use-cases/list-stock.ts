import type { InventoryContext } from '../context.ts';
import type { Stock } from '../domain/stock.ts';
import { listStockRows, type StockListing } from '../store/stock.ts';

/** One page of all stock, newest products first, and whether it is the last. */
export async function listStock(ctx: InventoryContext, listing: StockListing): Promise<{ rows: Stock[]; next: string | null }> {
  const rows = await listStockRows(ctx.db, { ...listing, limit: listing.limit + 1 });
  const shown = rows.slice(0, listing.limit);
  return { rows: shown, next: rows.length > listing.limit ? (shown.at(-1)?.product_id ?? null) : null };
}
