import { inventoryStockRefused } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { ProductsContext } from '../context.ts';
import { noteRefusedStock } from '../use-cases/note-refused-stock.ts';

/** A statement is refused once, so a repeat needs no inbox row. */
export const noteRefusedStockConsumer = defineConsumer<ProductsContext, readonly [typeof inventoryStockRefused]>({
  queue: 'products.note-refused-stock',
  events: [inventoryStockRefused],
  deduplicate: 'business_key',
  handle: (ctx, tx, events) => noteRefusedStock(ctx, tx, events),
});
