import type { AppError } from '@souk/kernel';
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { decideAdjustments, type ProductAdjustment } from '../domain/adjustment.ts';
import { byProduct, type Stock } from '../domain/stock.ts';
import { stockAdjusted } from '../events.ts';
import { lockStock, stockKey } from '../store/stock.ts';
import { saveMovements } from './save-movements.ts';

/** What became of one correction: the stock as it was right after it, or why it was refused. */
export type AdjustmentOutcome = { stock: Stock } | { refused: AppError };

/** Corrects the stock of many products with one lock, one update and one insert. What is refused leaves the others done. */
export async function adjustStocks(ctx: InventoryContext, tx: Tx, adjustments: readonly ProductAdjustment[]): Promise<AdjustmentOutcome[]> {
  const now = timestamp(ctx.clock.now());
  const stock = byProduct(await lockStock(tx, [...new Set(adjustments.map(({ product_id }) => product_id))]));
  const decisions = decideAdjustments(stock, adjustments);
  await saveMovements(
    ctx,
    tx,
    stock,
    decisions.flatMap((decision) => ('movement' in decision ? [decision.movement] : [])),
    now,
  );
  tx.onCommit(() => {
    decisions.forEach((decision, index) => {
      const { product_id, quantity_change, actor } = adjustments[index] as ProductAdjustment;
      if ('movement' in decision) stockAdjusted(ctx, { product_id, quantity_change, actor });
    });
  });
  return decisions.map((decision) => ('refused' in decision ? decision : { stock: { ...decision.after, updated_at: now } }));
}

/** Once the corrections are committed: their author reads them back, whichever instance answers. */
export async function publishCorrections({ stockNews }: InventoryContext, product_ids: readonly string[]): Promise<void> {
  await stockNews.invalidate({ keys: [...new Set(product_ids)].map(stockKey) });
}
