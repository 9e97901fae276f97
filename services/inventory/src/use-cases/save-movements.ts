import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { applyMovements, type Movement, type Stock } from '../domain/stock.ts';
import { insertMovements } from '../store/movements.ts';
import { saveStock, stockKey } from '../store/stock.ts';

export const announceJob = 'announce-stock';

/** Writes the movements and the stock they change, both or neither; answers the rows as they are now. */
export async function saveMovements(
  ctx: InventoryContext,
  tx: Tx,
  stock: ReadonlyMap<string, Stock>,
  movements: readonly Movement[],
  now: string,
): Promise<Stock[]> {
  if (movements.length === 0) return [];
  const rows = applyMovements(stock, movements);
  noteChange(
    ctx,
    tx,
    rows.map((row) => row.product_id),
  );
  await Promise.all([saveStock(tx, rows, now), insertMovements(tx, ctx.ids, movements, now)]);
  return rows;
}

/** After the commit: what was read before is forgotten, and the change waits to be announced. */
export function noteChange(ctx: InventoryContext, tx: Tx, product_ids: readonly string[]): void {
  tx.onCommit(() => {
    void ctx.stockReads.invalidate({ keys: product_ids.map(stockKey) });
    if (ctx.pending.add(product_ids)) ctx.wakeJob(announceJob);
  });
}
