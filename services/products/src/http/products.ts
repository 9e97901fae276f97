import {
  archiveProduct,
  changeProduct,
  countFacets,
  createProduct,
  getProduct,
  listProducts,
  replaceProduct,
  suggestProducts,
} from '@souk/contracts';
import { answer, answerText, listedIds, noContent, page, serve } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { isCursorOf } from '../domain/list-cursor.ts';
import { matchesOf } from '../domain/matches.ts';
import * as facets from '../use-cases/count-facets.ts';
import * as creation from '../use-cases/create-product.ts';
import * as reading from '../use-cases/get-product.ts';
import * as lists from '../use-cases/list-products.ts';
import * as revision from '../use-cases/revise-product.ts';
import * as suggestions from '../use-cases/suggest-products.ts';
import { listAnswer } from './list-answer.ts';
import { tagOf, versionCondition } from './product-tag.ts';

export const productRoutes = [
  serve(listProducts, async (ctx: ProductsContext, { query }) => {
    const ids = listedIds(query, 'ids');
    if (ids !== undefined) return answer(200, await reading.getProducts(ctx, ids));
    const { q, sort = q === undefined ? 'newest' : 'relevance', sku, category, group_id, in_stock, min_price, max_price } = query;
    const order = sort === 'relevance' && q === undefined ? 'newest' : sort;
    const { limit, skip, after } = page(query, isCursorOf(order));
    const filters = { sku, category, group_id, in_stock, min_price, max_price, matches: matchesOf(query) };
    const count = query.count !== undefined;
    return listAnswer(await lists.listProducts(ctx, { filters, q, sort: order, limit, skip, after, count }));
  }),
  serve(countFacets, async (ctx: ProductsContext, { query }) => {
    const { q, sku, category, group_id, in_stock, min_price, max_price } = query;
    const filters = { sku, category, group_id, in_stock, min_price, max_price, matches: matchesOf(query) };
    return answerText(200, await facets.countFacets(ctx, filters, q));
  }),
  serve(suggestProducts, async (ctx: ProductsContext, { query }) => answerText(200, await suggestions.suggestProducts(ctx, query.q))),
  serve(getProduct, async (ctx: ProductsContext, { params }) => {
    const { product, text } = await reading.getProduct(ctx, params.product_id);
    return answerText(200, text, { etag: tagOf(product) });
  }),
  serve(createProduct, async (ctx: ProductsContext, { body, cause }) => {
    const product = await creation.createProduct(ctx, body, cause);
    return answer(201, product, { etag: tagOf(product), location: `/api/products/${product.id}` });
  }),
  serve(replaceProduct, async (ctx: ProductsContext, { params, body, if_match, cause }) => {
    const product = await revision.replaceProduct(ctx, { ...params, if_match: versionCondition(if_match), cause }, body);
    return answer(200, product, { etag: tagOf(product) });
  }),
  serve(changeProduct, async (ctx: ProductsContext, { params, body, if_match, cause }) => {
    const product = await revision.changeProduct(ctx, { ...params, if_match: versionCondition(if_match), cause }, body);
    return answer(200, product, { etag: tagOf(product) });
  }),
  serve(archiveProduct, async (ctx: ProductsContext, { params, if_match, cause }) => {
    await revision.archiveProduct(ctx, { ...params, if_match: versionCondition(if_match), cause });
    return noContent();
  }),
];
