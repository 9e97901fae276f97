import { orderCancelled } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { InventoryContext } from '../context.ts';
import { releaseStock } from '../use-cases/release-stock.ts';

/** The reservation of the order says what has been done for it, so a repeat needs no inbox row. */
export const releaseStockConsumer = defineConsumer({
  queue: 'inventory.release-stock',
  events: [orderCancelled],
  deduplicate: 'business_key',
  handle: (ctx: InventoryContext, tx, events) => releaseStock(ctx, tx, events),
});
