import { orderParcelSent, orderShipped } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { InventoryContext } from '../context.ts';
import { shipStock } from '../use-cases/ship-stock.ts';

/** The reservation of the order says which parcels have been booked, so a repeat needs no inbox row. */
export const shipStockConsumer = defineConsumer({
  queue: 'inventory.ship-stock',
  events: [orderShipped, orderParcelSent],
  deduplicate: 'business_key',
  handle: (ctx: InventoryContext, tx, events) => shipStock(ctx, tx, events),
});
