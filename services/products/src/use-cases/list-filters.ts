/** Filters as requests have them, and as statements need them. */
import { toMinor } from '@souk/kernel';
import type { ProductsContext } from '../context.ts';
import type { Matches } from '../domain/matches.ts';
import { sortName } from '../domain/search-document.ts';
import { findScope } from '../store/categories.ts';
import type { ProductFilters } from '../store/lists.ts';
import type { SearchQuestion } from '../store/search.ts';
import { understandQuestion } from './understand-question.ts';

/** As a request has them: prices in major units. */
export interface GivenFilters {
  sku?: string | undefined;
  matches?: Matches | undefined;
  category?: string | undefined;
  group_id?: string | undefined;
  in_stock?: boolean | undefined;
  min_price?: number | undefined;
  max_price?: number | undefined;
}

/** With prices in minor units, and the category as it was asked for. */
export type NamedFilters = Omit<ProductFilters, 'labels'> & { category?: string | undefined };

/** The filters with prices in minor units of the shop's currency. Throws `amount_invalid`. */
export function minorFilters({ config }: ProductsContext, { min_price, max_price, ...others }: GivenFilters): NamedFilters {
  const { shop_currency } = config;
  const minor = (amount: number | undefined, pointer: string) =>
    amount === undefined ? undefined : toMinor(amount, shop_currency, pointer);
  const bounded = min_price !== undefined || max_price !== undefined;
  return {
    ...others,
    min_price: minor(min_price, '/min_price'),
    max_price: minor(max_price, '/max_price'),
    price_currency: bounded ? shop_currency : undefined,
  };
}

/** The filters as members of a cache key. */
export function keyOf({ matches = [], ...others }: NamedFilters): Record<string, string | number | boolean | undefined> {
  return { ...others, matches: matches.length === 0 ? undefined : JSON.stringify(matches) };
}

/** With the labels of the category and of all below it; a category that there is not has its name alone. */
export async function withLabels(ctx: ProductsContext, { category, ...others }: NamedFilters): Promise<ProductFilters> {
  if (category === undefined) return others;
  const scope = await findScope(ctx.db, category);
  return { ...others, labels: scope?.labels ?? [category] };
}

/** What a search asks; undefined where its words lead to nothing. */
export async function questionOf(ctx: ProductsContext, q: string): Promise<SearchQuestion | undefined> {
  const understood = await understandQuestion(ctx, q);
  if (understood === undefined) return undefined;
  return { q: q.trim(), name: sortName(q), ...understood, shop_currency: ctx.config.shop_currency };
}
