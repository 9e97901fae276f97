import { type CategoryResource, refusal } from '@souk/contracts';
import type { Queryable } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import { categoryResource } from '../domain/categories.ts';
import { findCategories, findCategory } from '../store/categories.ts';
import { allCategoriesKey, categoriesKey } from '../store/products.ts';

/** JSON text of the categories by name; those that have nothing, also below them, where they are asked for. */
export async function listCategories(ctx: ProductsContext, { include_empty }: { include_empty: boolean }): Promise<string> {
  const ttl_ms = ctx.config.list_cache_ttl_ms;
  const load = async (): Promise<CategoryResource[]> => {
    const all = await findCategories(ctx.db);
    return all.filter(({ total_product_count }) => include_empty || total_product_count > 0).map((one) => categoryResource(one, one));
  };
  const key = include_empty ? allCategoriesKey : categoriesKey;
  return (await ctx.cache.getOrLoadEntry(key, { ttl_ms, stale_ms: 10 * ttl_ms, load })).text;
}

/** One category with its numbers. Throws `not_found`. */
export async function getCategory({ db }: { db: Queryable }, category_id: string): Promise<CategoryResource> {
  const found = await findCategory(db, category_id);
  if (found === undefined) throw refusal('not_found', 'There is no such category.');
  return categoryResource(found, found);
}
