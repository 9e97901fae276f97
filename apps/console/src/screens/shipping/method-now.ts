/** The method as the shop has it now; there is no route for one, so that the list of its zone is gone through. */
import { listShippingMethods, type ShippingMethod } from '@souk/contracts';
import { findEntry } from '../../live/find-entry.ts';
import type { Ask } from '../../live/transport.ts';

export function methodNow(ask: Ask, zone_id: string, fits: (method: ShippingMethod) => boolean): Promise<ShippingMethod | undefined> {
  return findEntry((page) => ask(listShippingMethods, { query: { ...page, zone_id } }), fits);
}
