import { listKey } from '@souk/cache';
import { type Suggestion, suggestionsMax } from '@souk/contracts';
import type { ProductsContext } from '../context.ts';
import { toResource } from '../domain/product.ts';
import { listTag } from '../store/products.ts';
import { searchByWords } from './list-products.ts';

/** JSON text of the products that someone who has typed this may mean. */
export async function suggestProducts(ctx: ProductsContext, q: string): Promise<string> {
  const { list_cache_ttl_ms: ttl_ms } = ctx.config;
  // What is typed differs in spaces and capitals before it differs in meaning.
  const typed = q.trim().replaceAll(/\s+/g, ' ').toLowerCase();
  const load = async (): Promise<Suggestion[]> => {
    const rows = await searchByWords(ctx, typed, {}, 'relevance', { limit: suggestionsMax, skip: 0 }, undefined);
    return rows.map(toResource).map(({ id: product_id, name, category, price, currency, image_url }) => {
      return { product_id, name, category, price, currency, image_url };
    });
  };
  const key = listKey('products', 'suggestions', { typed });
  return (await ctx.cache.getOrLoadEntry(key, { ttl_ms, stale_ms: 10 * ttl_ms, tags: [listTag], load })).text;
}
