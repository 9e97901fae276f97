import { type Product, refusal } from '@souk/contracts';
import { inOrderOf } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { toResource } from '../domain/product.ts';
import { findProduct, findProducts, productKey } from '../store/products.ts';

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

/** The products with these ids, archived ones too, as they are now; unknown ones are left out. */
export async function getProducts(ctx: ProductsContext, ids: readonly string[]): Promise<Product[]> {
  const products = await findProducts(ctx.db, ids);
  return inOrderOf(ids, products.map(toResource), ({ id }) => id);
}
