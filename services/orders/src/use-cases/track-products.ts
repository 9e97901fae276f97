import type { EventOf, productArchived, productCreated, productUpdated } from '@souk/contracts';
import { toMinor } from '@souk/kernel';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { CatalogueProduct } from '../domain/goods.ts';
import { keepNewer } from '../store/catalogue.ts';

export type ProductEvent = EventOf<typeof productCreated> | EventOf<typeof productUpdated> | EventOf<typeof productArchived>;

/** Keeps the newest of each product; an event whose price is no amount is answered as a failure. */
export async function trackProducts(tx: Tx, events: readonly ProductEvent[]): Promise<Failure[]> {
  const newest = new Map<string, CatalogueProduct>();
  const failures: Failure[] = [];
  for (const event of events) {
    try {
      const product = productOf(event);
      if ((newest.get(product.product_id)?.product_version ?? 0) < product.product_version) newest.set(product.product_id, product);
    } catch (error) {
      failures.push({ event_id: event.event_id, error: error as Error });
    }
  }
  if (newest.size > 0) await keepNewer(tx, [...newest.values()]);
  return failures;
}

function productOf(event: ProductEvent): CatalogueProduct {
  const { product_id, product_version } = event;
  if (event.event_type === 'product.archived') {
    const unsaid = { sku: null, name: null, price: null, currency: null, tax_class: null, weight_g: null, group_id: null, category: null };
    return { product_id, product_version, ...unsaid, status: 'archived' };
  }
  const { sku, name, price, currency, status, tax_class = null, weight_g = null, group_id = null, category = null } = event;
  const kept = { product_id, product_version, sku, name, price: toMinor(price, currency), currency, status };
  return { ...kept, tax_class, weight_g, group_id, category };
}
