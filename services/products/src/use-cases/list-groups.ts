/** The catalogue by groups: browsed by index, searched by words, page by page. */
import { listKey } from '@souk/cache';
import { encodeCursor } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { type GroupRecord, groupResource } from '../domain/groups.ts';
import type { ListCursor, ListOrder } from '../domain/list-cursor.ts';
import { listGroups as findGroups, type GroupFilters, searchGroups } from '../store/group-lists.ts';
import { orders } from '../store/lists.ts';
import { listTag } from '../store/products.ts';
import { countList } from './count-listed.ts';
import { keyOf, minorFilters, questionOf, withLabels } from './list-filters.ts';
import type { ListRequest, ProductList } from './list-products.ts';

/** One page, as of products. Throws `amount_invalid`. */
export async function listGroups(ctx: ProductsContext, request: ListRequest): Promise<ProductList> {
  const { q, sort, limit, skip, after, count } = request;
  const { list_cache_ttl_ms: ttl_ms } = ctx.config;
  const filters = minorFilters(ctx, request.filters);
  const key = listKey('products', 'groups', { ...keyOf(filters), q, sort, limit, skip, count, after: after && JSON.stringify(after) });
  const load = async (): Promise<ProductList> => {
    // One row more than asked for says whether there is a next page.
    const page = { limit: limit + 1, skip };
    const narrowed = await withLabels(ctx, filters);
    const rows = await (q === undefined ? browse(ctx, narrowed, sort, page, after) : search(ctx, q, narrowed, sort, page, after));
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    const total = count ? { total_count: await countList(ctx, { of: 'groups', filters, q }) } : {};
    return { text: JSON.stringify(shown.map(groupResource)), next_cursor: last ? encodeCursor(cursorOf(last, sort)) : null, ...total };
  };
  return (await ctx.cache.getOrLoad(key, { ttl_ms, stale_ms: 10 * ttl_ms, tags: [listTag], load })) as ProductList;
}

type Row = GroupRecord & { score?: number };
interface PageSize {
  limit: number;
  skip: number;
}

function browse(
  ctx: ProductsContext,
  filters: GroupFilters,
  sort: ListOrder,
  page: PageSize,
  after: ListCursor | undefined,
): Promise<Row[]> {
  return findGroups(ctx.db, filters, sort === 'relevance' ? 'newest' : sort, { ...page, after }, ctx.config.shop_currency);
}

async function search(
  ctx: ProductsContext,
  q: string,
  filters: GroupFilters,
  sort: ListOrder,
  page: PageSize,
  after: ListCursor | undefined,
): Promise<Row[]> {
  const question = await questionOf(ctx, q);
  if (question === undefined) return [];
  if (sort !== 'relevance') return searchGroups(ctx.db, question, filters, { ...page, sort, after });
  const position = after === undefined ? undefined : { score: Number(after.value), id: after.id };
  return searchGroups(ctx.db, question, filters, { ...page, sort, after: position });
}

function cursorOf(row: Row, sort: ListOrder): ListCursor {
  if (sort === 'relevance') return { sort, value: row.score ?? 0, id: row.id };
  const { column } = orders[sort];
  if (column === undefined) return { sort, id: row.newest_id };
  return { sort, value: row[column], id: row.id, ...(column === 'price' && { currency: row.currency }) };
}
