/** The catalogue as lists: browsing by index, searching by words, both page by page. */
import { listKey } from '@souk/cache';
import { toMinor } from '@souk/kernel';
import { encodeCursor } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import type { ListCursor, ListOrder } from '../domain/list-cursor.ts';
import { toResource } from '../domain/product.ts';
import { sortName } from '../domain/search-document.ts';
import { listProducts as findList, type ListPage, type ListRow, orders, type ProductFilters } from '../store/lists.ts';
import { listTag } from '../store/products.ts';
import { searchProducts } from '../store/search.ts';
import { understandQuestion } from './understand-question.ts';

/** As a request has them: prices in major units. */
export interface GivenFilters {
  category?: string | undefined;
  group_id?: string | undefined;
  in_stock?: boolean | undefined;
  min_price?: number | undefined;
  max_price?: number | undefined;
}

export interface ListRequest {
  filters: GivenFilters;
  q: string | undefined;
  sort: ListOrder;
  limit: number;
  skip: number;
  after: ListCursor | undefined;
}

export interface ProductList {
  /** JSON text of the array. */
  text: string;
  next_cursor: string | null;
}

/** One page; bounds of the price are in the shop's currency and leave out what is sold in another. Throws `amount_invalid`. */
export async function listProducts(ctx: ProductsContext, request: ListRequest): Promise<ProductList> {
  const { q, sort, limit, skip, after } = request;
  const { list_cache_ttl_ms } = ctx.config;
  const filters = minorFilters(ctx, request.filters);
  const key = listKey('products', 'list', { ...filters, q, sort, limit, skip, after: after && JSON.stringify(after) });
  const load = async (): Promise<ProductList> => {
    // One row more than asked for says whether there is a next page.
    const page = { limit: limit + 1, skip };
    const rows = q === undefined ? await browse(ctx, filters, sort, page, after) : await searchByWords(ctx, q, filters, sort, page, after);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { text: JSON.stringify(shown.map(toResource)), next_cursor: last ? encodeCursor(cursorOf(last, sort)) : null };
  };
  const list = await ctx.cache.getOrLoad(key, { ttl_ms: list_cache_ttl_ms, stale_ms: 10 * list_cache_ttl_ms, tags: [listTag], load });
  return list as ProductList;
}

/** The filters with prices in minor units of the shop's currency. Throws `amount_invalid`. */
export function minorFilters({ config }: ProductsContext, { min_price, max_price, ...others }: GivenFilters): ProductFilters {
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
  const understood = await understandQuestion(ctx, q);
  if (understood === undefined) return [];
  const question = { q: q.trim(), name: sortName(q), ...understood, shop_currency: ctx.config.shop_currency };
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
