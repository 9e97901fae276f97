/** The catalogue as lists: browsing by index, searching by words, both page by page. */
import { listKey } from '@souk/cache';
import { encodeCursor } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import type { ListCursor, ListOrder } from '../domain/list-cursor.ts';
import { toResource } from '../domain/product.ts';
import { listProducts as findList, type ListPage, type ListRow, orders, type ProductFilters } from '../store/lists.ts';
import { listTag } from '../store/products.ts';
import { searchProducts } from '../store/search.ts';
import { countList } from './count-listed.ts';
import { type GivenFilters, keyOf, minorFilters, questionOf, withLabels } from './list-filters.ts';

export interface ListRequest {
  filters: GivenFilters;
  q: string | undefined;
  sort: ListOrder;
  limit: number;
  skip: number;
  after: ListCursor | undefined;
  /** Says how many there are in all. */
  count: boolean;
}

export interface ProductList {
  /** JSON text of the array. */
  text: string;
  next_cursor: string | null;
  /** Where it was asked for. */
  total_count?: string;
}

/** One page; bounds of the price are in the shop's currency and leave out what is sold in another. Throws `amount_invalid`. */
export async function listProducts(ctx: ProductsContext, request: ListRequest): Promise<ProductList> {
  const { q, sort, limit, skip, after, count } = request;
  const { list_cache_ttl_ms } = ctx.config;
  const filters = minorFilters(ctx, request.filters);
  const key = listKey('products', 'list', { ...keyOf(filters), q, sort, limit, skip, count, after: after && JSON.stringify(after) });
  const load = async (): Promise<ProductList> => {
    // One row more than asked for says whether there is a next page.
    const page = { limit: limit + 1, skip };
    const narrowed = await withLabels(ctx, filters);
    const rows = await (q === undefined ? browse(ctx, narrowed, sort, page, after) : searchByWords(ctx, q, narrowed, sort, page, after));
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    const total = count ? { total_count: await countList(ctx, { of: 'products', filters, q }) } : {};
    return { text: JSON.stringify(shown.map(toResource)), next_cursor: last ? encodeCursor(cursorOf(last, sort)) : null, ...total };
  };
  const list = await ctx.cache.getOrLoad(key, { ttl_ms: list_cache_ttl_ms, stale_ms: 10 * list_cache_ttl_ms, tags: [listTag], load });
  return list as ProductList;
}

type Row = ListRow & { score?: number };

function browse(
  ctx: ProductsContext,
  filters: ProductFilters,
  sort: ListOrder,
  page: Omit<ListPage, 'after'>,
  after: ListCursor | undefined,
): Promise<Row[]> {
  return findList(ctx.db, filters, sort === 'relevance' ? 'newest' : sort, { ...page, after }, ctx.config.shop_currency);
}

/** What has these words, or words like them, by relevance or in another order. */
export async function searchByWords(
  ctx: ProductsContext,
  q: string,
  filters: ProductFilters,
  sort: ListOrder,
  page: Omit<ListPage, 'after'>,
  after: ListCursor | undefined,
): Promise<Row[]> {
  const question = await questionOf(ctx, q);
  if (question === undefined) return [];
  if (sort !== 'relevance') return searchProducts(ctx.db, question, filters, { ...page, sort, after });
  const position = after === undefined ? undefined : { score: Number(after.value), id: after.id };
  return searchProducts(ctx.db, question, filters, { ...page, sort, after: position });
}

function cursorOf(row: Row, sort: ListOrder): ListCursor {
  if (sort === 'relevance') return { sort, value: row.score ?? 0, id: row.id };
  const { column } = orders[sort];
  if (column === undefined) return { sort, id: row.id };
  return { sort, value: row[column], id: row.id, ...(column === 'price' && { currency: row.currency }) };
}
