import type { EventOf, inventoryStockRefused } from '@souk/contracts';
import { required } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import { stockRefusalReason } from '../domain/product-import.ts';
import { insertRefusals, refuseStatements } from '../store/imports.ts';

type StockRefused = EventOf<typeof inventoryStockRefused>;

/** Adds what inventory refused to the refused rows of its import, each once; an import that is forgotten has none. */
export async function noteRefusedStock(_ctx: ProductsContext, tx: Tx, events: readonly StockRefused[]): Promise<void> {
  const byKey = new Map(events.map((event) => [`${event.import_id} ${event.product_id}`, event]));
  const rows = await refuseStatements(tx, [...byKey.values()]);
  for (const [import_id, refused] of Map.groupBy(rows, (row) => row.import_id)) {
    const refusals = refused.map(({ product_id, line, handle }) => {
      const event = required(byKey.get(`${import_id} ${product_id}`), 'the refusal of the statement');
      return { line, reason: stockRefusalReason(event), handle: handle ?? undefined };
    });
    await insertRefusals(tx, import_id, refusals);
  }
}
