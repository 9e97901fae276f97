import { productArchived, productCreated, productUpdated } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { OrdersContext } from '../context.ts';
import { trackProducts } from '../use-cases/track-products.ts';

export const trackCatalogueConsumer = defineConsumer({
  queue: 'orders.track-catalogue',
  events: [productCreated, productUpdated, productArchived],
  // The version of the product distinguishes newer, older and the same.
  deduplicate: 'business_key',
  handle: (_ctx: OrdersContext, tx, events) => trackProducts(tx, events),
});
