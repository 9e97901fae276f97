import type { InventoryContext } from '../context.ts';
import { type LedgerLine, listMovementLines, listStaffLines } from '../store/movements.ts';
import { getFullStock } from './get-stock.ts';

/** One page of the ledger of a product, newest first; refuses with `not_found` where there never was any stock. */
export async function listMovements(
  ctx: InventoryContext,
  product_id: string,
  { before, skip, limit }: { before: string | undefined; skip: number; limit: number },
): Promise<{ lines: PublicLine[]; next: string | null }> {
  const [lines] = await Promise.all([
    listMovementLines(ctx.db, product_id, { before, skip, limit: limit + 1 }),
    getFullStock(ctx, product_id),
  ]);
  return pageOf(lines, limit);
}

/** One page of what staff did to the stock of all products, newest first. */
export async function listStockActions(
  { db }: InventoryContext,
  { before, skip, limit }: { before: string | undefined; skip: number; limit: number },
): Promise<{ lines: PublicLine[]; next: string | null }> {
  return pageOf(await listStaffLines(db, { before, skip, limit: limit + 1 }), limit);
}

/** One more than the limit was read to know whether there are more. */
function pageOf(lines: readonly LedgerLine[], limit: number): { lines: PublicLine[]; next: string | null } {
  const shown = lines.slice(0, limit);
  return { lines: shown.map(publicLine), next: lines.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

type PublicLine = Omit<LedgerLine, 'kind'> & { kind: Exclude<LedgerLine['kind'], 'returned'> };

/** Another kind would break clients of the published version: what came back was received, of an order and with the reason `return`. */
function publicLine({ kind, ...line }: LedgerLine): PublicLine {
  return { ...line, kind: kind === 'returned' ? 'received' : kind };
}
