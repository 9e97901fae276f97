import { changeCategory, createCategory, getCategory, listCategories } from '@souk/contracts';
import { answer, answerText, serve } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import * as writing from '../use-cases/change-category.ts';
import * as reading from '../use-cases/list-categories.ts';

export const categoryRoutes = [
  serve(listCategories, async (ctx: ProductsContext, { query }) =>
    answerText(200, await reading.listCategories(ctx, { include_empty: query.include_empty === true })),
  ),
  serve(getCategory, async (ctx: ProductsContext, { params }) => {
    const category = await reading.getCategory(ctx, params.category_id);
    return answer(200, category, { etag: category.version });
  }),
  serve(createCategory, async (ctx: ProductsContext, { body }) => {
    const category = await writing.createCategory(ctx, body);
    return answer(201, category, { etag: category.version, location: `/api/categories/${category.id}` });
  }),
  serve(changeCategory, async (ctx: ProductsContext, { params, body, if_match }) => {
    const category = await writing.changeCategory(ctx, { ...params, if_match }, body);
    return answer(200, category, { etag: category.version });
  }),
];
