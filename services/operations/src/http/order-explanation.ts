import { explainOrder as declaration, explainOrderRoute } from '@souk/contracts';
import { answer, type ServedRoute, serve } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import { explainOrder } from '../use-cases/explain-order.ts';

const uncached = { headers: { 'cache-control': 'no-store' } };

export const explanationRoutes: readonly ServedRoute<OperationsContext>[] = [
  serve(declaration, async (context: OperationsContext, { params, cause, signal }) =>
    answer(200, await explainOrder(context, params.order_id, { cause, signal }), uncached),
  ),
  serve(explainOrderRoute, async (context: OperationsContext, { params, cause, signal }) =>
    answer(200, await explainOrder(context, params.order, { cause, signal }), uncached),
  ),
];
