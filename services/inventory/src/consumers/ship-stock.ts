import { orderShipped } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { InventoryContext } from '../context.ts';
import { shipStock } from '../use-cases/ship-stock.ts';

/** The reservation of the order says what has been done for it, so a repeat needs no inbox row. */
export const shipStockConsumer = defineConsumer({
  queue: 'inventory.ship-stock',
  events: [orderShipped],
  deduplicate: 'business_key',
  handle: (ctx: InventoryContext, tx, events) => shipStock(ctx, tx, events),
});
