/** What the catalogue copy does not know yet is asked for once at `products`. */
import { refusal } from '@souk/contracts';
import { type AppError, mapBounded } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { OrdersContext } from '../context.ts';
import { keepNewer } from '../store/catalogue.ts';

const lookupsConcurrent = 8;

/** Keeps what is found; answers the ids that are known nowhere. Throws `service_unavailable`. */
export async function lookUpProducts(ctx: OrdersContext, product_ids: readonly string[], cause: Cause): Promise<string[]> {
  const found = await mapBounded(product_ids, lookupsConcurrent, (product_id) => ctx.lookUpProduct(product_id, cause));
  const products = found.flatMap((product) => product ?? []);
  if (products.length > 0) await keepNewer(ctx.db, products);
  const found_ids = new Set(products.map((product) => product.product_id));
  return product_ids.filter((product_id) => !found_ids.has(product_id));
}

/** The refusal of products that are known nowhere, each by its place among the items. */
export function productsUnknown({ items }: { items: readonly { product_id: string }[] }, product_ids: readonly string[]): AppError {
  const unknown = new Set(product_ids);
  const errors = items.flatMap(({ product_id }, index) =>
    unknown.has(product_id) ? [{ pointer: `/items/${index}/product_id`, detail: `product ${product_id} is unknown` }] : [],
  );
  const names = `${product_ids.slice(0, 3).join(', ')}${product_ids.length > 3 ? ', …' : ''}`;
  return refusal('product_unknown', `There is no product ${names}.`, { errors });
}
