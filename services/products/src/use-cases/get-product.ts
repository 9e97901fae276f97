import { type Product, refusal } from '@souk/contracts';
import type { ProductsContext } from '../context.ts';
import { toResource } from '../domain/product.ts';
import { findProduct, productKey } from '../store/products.ts';

const missMs = 1_000;

/** The product with its JSON text, ready to be sent. Throws `not_found`. */
export async function getProduct(ctx: ProductsContext, id: string): Promise<{ product: Product; text: string }> {
  const ttl_ms = ctx.config.product_cache_ttl_ms;
  const entry = await ctx.cache.getOrLoadEntry(productKey(id), {
    ttl_ms,
    stale_ms: 10 * ttl_ms,
    miss_ttl_ms: missMs,
    load: async () => {
      const product = await findProduct(ctx.db, id);
      return product && toResource(product);
    },
  });
  if (entry.value === undefined) throw refusal('not_found', 'There is no such product.');
  return { product: entry.value as Product, text: entry.text };
}
