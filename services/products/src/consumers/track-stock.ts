import { inventoryUpdated } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { ProductsContext } from '../context.ts';
import { takeStock } from '../use-cases/take-stock.ts';

/** Keeps the stock that lists and products show. The stock version makes repeats and late arrivals harmless. */
export const trackStockConsumer = defineConsumer<ProductsContext, readonly [typeof inventoryUpdated]>({
  queue: 'products.track-stock',
  events: [inventoryUpdated],
  deduplicate: 'business_key',
  handle: (ctx, tx, events) =>
    takeStock(
      ctx,
      tx,
      events.map(({ product_id, current_quantity, stock_version }) => ({ product_id, stock_quantity: current_quantity, stock_version })),
    ),
});
