import type { Republisher } from '@souk/service-kit';
import type { InventoryContext } from '../context.ts';
import { renumberStock } from '../store/stock.ts';

/**
 * After a restore others may know a later stock than this service does. Every row gets a version above all that were ever
 * published, and counts as not announced: the announcement of stock then publishes all of them anew.
 */
export const republishStock: Republisher<InventoryContext> = async (_ctx, tx) => {
  await renumberStock(tx);
  return { drafts: [], next: undefined };
};
