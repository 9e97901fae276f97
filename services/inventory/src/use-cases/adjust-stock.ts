import { refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { type Adjustment, decideAdjustment } from '../domain/adjustment.ts';
import { byProduct, type Stock } from '../domain/stock.ts';
import { stockAdjusted } from '../events.ts';
import { lockStock } from '../store/stock.ts';
import { saveMovements } from './save-movements.ts';

/** Corrects the stock of a product; answers it as it is then. */
export async function adjustStock(ctx: InventoryContext, tx: Tx, product_id: string, adjustment: Adjustment): Promise<Stock> {
  const now = timestamp(ctx.clock.now());
  const [stock] = await lockStock(tx, [product_id]);
  if (stock === undefined) throw refusal('not_found', 'There is no such product in stock.');
  const movement = decideAdjustment(stock, adjustment);
  const [adjusted = stock] = await saveMovements(ctx, tx, byProduct([stock]), [movement], now);
  tx.onCommit(() => stockAdjusted(ctx, { product_id, quantity_change: adjustment.quantity_change, actor: adjustment.actor }));
  return { ...adjusted, updated_at: now };
}
