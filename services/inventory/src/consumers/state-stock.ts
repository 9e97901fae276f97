import { productStockStated } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { InventoryContext } from '../context.ts';
import { stateStock } from '../use-cases/state-stock.ts';

/** What was stated is kept by import and product, so a repeat needs no inbox row. */
export const stateStockConsumer = defineConsumer({
  queue: 'inventory.state-stock',
  events: [productStockStated],
  deduplicate: 'business_key',
  handle: (ctx: InventoryContext, tx, events) => stateStock(ctx, tx, events),
});
