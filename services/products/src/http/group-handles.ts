import { divideGroupHandles, listGroupHandles } from '@souk/contracts';
import { answer, serve } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import * as handles from '../use-cases/list-group-handles.ts';

export const groupHandleRoutes = [
  serve(divideGroupHandles, async (ctx: ProductsContext) => answer(200, await handles.divideGroupHandles(ctx))),
  serve(listGroupHandles, async (ctx: ProductsContext, { query }) => answer(200, await handles.listGroupHandles(ctx, query.from))),
];
