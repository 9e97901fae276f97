/** What is published of a product's stock: the sum of all changes since the last publication. */
import { availableOf, type Stock } from './stock.ts';

export interface Announcement {
  product_id: string;
  quantity_change: number;
  current_quantity: number;
  reason: string;
  stock_version: number;
}

/**
 * Undefined when as many are available as before: shipping, or reserving and releasing, changes nothing for others. The first
 * announcement is always made, because what others believe until then is the opening stock and not what is left of it.
 */
export function announcementOf(stock: Stock): Announcement | undefined {
  const current_quantity = availableOf(stock);
  const quantity_change = current_quantity - stock.published_available;
  if (quantity_change === 0 && wasAnnounced(stock)) return undefined;
  const { product_id, change_reason, stock_version } = stock;
  return { product_id, quantity_change, current_quantity, reason: change_reason, stock_version };
}

/** A new record is at version 1, which is not published. */
function wasAnnounced({ published_version }: Stock): boolean {
  return published_version > 1;
}

/** How many of the waiting products are announced at once: nearly all when there are few, a share of them under load, where waiting saves messages. */
export function announcedAtOnce(waiting: number, limits: { least: number; most: number; share: number }): number {
  return Math.min(waiting, limits.most, Math.max(limits.least, Math.ceil(waiting * limits.share)));
}
