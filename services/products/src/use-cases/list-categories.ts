import type { ProductsContext } from '../context.ts';
import { findCategories } from '../store/categories.ts';
import { categoriesKey } from '../store/products.ts';

/** JSON text of the categories that have products, by name. */
export async function listCategories(ctx: ProductsContext): Promise<string> {
  const ttl_ms = ctx.config.list_cache_ttl_ms;
  const entry = await ctx.cache.getOrLoadEntry(categoriesKey, { ttl_ms, stale_ms: 10 * ttl_ms, load: () => findCategories(ctx.db) });
  return entry.text;
}
