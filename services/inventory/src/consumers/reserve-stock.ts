import { orderCreated } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { InventoryContext } from '../context.ts';
import { reserveStock } from '../use-cases/reserve-stock.ts';

/** The reservation of the order says what has been done for it, so a repeat needs no inbox row. */
export const reserveStockConsumer = defineConsumer({
  queue: 'inventory.reserve-stock',
  events: [orderCreated],
  deduplicate: 'business_key',
  handle: (ctx: InventoryContext, tx, events) => reserveStock(ctx, tx, events),
});
