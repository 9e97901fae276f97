import { listKey } from '@souk/cache';
import type { Facets } from '@souk/contracts';
import type { ProductsContext } from '../context.ts';
import { facetsOf } from '../domain/facets.ts';
import { facetRows, searchedFacetRows } from '../store/facets.ts';
import { listTag } from '../store/products.ts';
import { candidatesMax } from '../store/search.ts';
import { type GivenFilters, keyOf, minorFilters, questionOf, withLabels } from './list-filters.ts';

/** Most products that are counted; beyond it the counts are those of a part. Counting 10,000 holds the process for 40 to 90 ms, and anyone may ask. */
const productsMax = 3_000;

/** JSON text of the facets of what a list with these filters has. Throws `amount_invalid`. */
export async function countFacets(ctx: ProductsContext, given: GivenFilters, q: string | undefined): Promise<string> {
  const { shop_currency: currency, list_cache_ttl_ms: ttl_ms } = ctx.config;
  const filters = minorFilters(ctx, given);
  const load = async (): Promise<Facets> => {
    const narrowed = await withLabels(ctx, filters);
    if (q === undefined) {
      const rows = await facetRows(ctx.db, narrowed, productsMax + 1);
      return facetsOf(rows.slice(0, productsMax), { currency, approximate: rows.length > productsMax });
    }
    const question = await questionOf(ctx, q);
    if (question === undefined) return facetsOf([], { currency, approximate: false });
    const rows = await searchedFacetRows(ctx.db, question, narrowed);
    // A search looks at a bounded number of matches, of which the stock may leave any number.
    return facetsOf(rows, { currency, approximate: rows.length >= candidatesMax || filters.in_stock !== undefined });
  };
  const key = listKey('products', 'facets', { ...keyOf(filters), q });
  return (await ctx.cache.getOrLoadEntry(key, { ttl_ms, stale_ms: 10 * ttl_ms, tags: [listTag], load })).text;
}
