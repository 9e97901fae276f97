import { productCreated, productUpdated } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { InventoryContext } from '../context.ts';
import { openStock } from '../use-cases/open-stock.ts';

/** The stock record knows whether it was opened, so a repeat needs no inbox row. */
export const openStockConsumer = defineConsumer({
  queue: 'inventory.open-stock',
  events: [productCreated, productUpdated],
  deduplicate: 'business_key',
  handle: (ctx: InventoryContext, tx, events) => openStock(ctx, tx, events),
});
