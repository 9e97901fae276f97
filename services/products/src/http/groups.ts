import { countGroupFacets, getGroup, listGroups, renameGroup } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { answer, answerText, page, serve } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { isCursorOf } from '../domain/list-cursor.ts';
import { matchesOf } from '../domain/matches.ts';
import * as facets from '../use-cases/count-group-facets.ts';
import * as reading from '../use-cases/get-group.ts';
import * as lists from '../use-cases/list-groups.ts';
import { listAnswer } from './list-answer.ts';

const variantsMax = 100;
const isProductId = (value: unknown): value is string => typeof value === 'string' && isUuid(value);

export const groupRoutes = [
  serve(listGroups, async (ctx: ProductsContext, { query }) => {
    const { q, sort = q === undefined ? 'newest' : 'relevance', sku, category, in_stock, min_price, max_price } = query;
    const order = sort === 'relevance' && q === undefined ? 'newest' : sort;
    const { limit, skip, after } = page(query, isCursorOf(order));
    const filters = { sku, category, in_stock, min_price, max_price, matches: matchesOf(query) };
    const count = query.count !== undefined;
    return listAnswer(await lists.listGroups(ctx, { filters, q, sort: order, limit, skip, after, count }));
  }),
  serve(countGroupFacets, async (ctx: ProductsContext, { query }) => {
    const { q, sku, category, in_stock, min_price, max_price } = query;
    const filters = { sku, category, in_stock, min_price, max_price, matches: matchesOf(query) };
    return answerText(200, await facets.countGroupFacets(ctx, filters, q));
  }),
  serve(getGroup, async (ctx: ProductsContext, { params, query, url }) => {
    const { after } = page(query, isProductId);
    const found = await reading.getGroup(ctx, params.handle, { limit: query.limit ?? variantsMax, after });
    if ('group' in found) return answer(200, found.group, { next_cursor: found.next_cursor });
    const search = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    return answer(308, undefined, { location: `/api/groups/${encodeURIComponent(found.moved_to)}${search}` });
  }),
  serve(renameGroup, async (ctx: ProductsContext, { params, body }) =>
    answer(200, await reading.renameGroup(ctx, params.handle, body.handle)),
  ),
];
