import { saveProducts } from '@souk/contracts';
import { itemProblem, once, serve } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { toResource } from '../domain/product.ts';
import type { BatchDecision } from '../domain/product-batch.ts';
import { saveBatch, touchedBy } from '../use-cases/save-batch.ts';
import { forgetProducts, withFreeSkus } from '../use-cases/save-products.ts';

export const batchRoutes = [
  serve(saveProducts, async (ctx: ProductsContext, request) => {
    let touched: string[] = [];
    const saved = await withFreeSkus(() =>
      once(ctx, request, async (tx) => {
        const decisions = await saveBatch(ctx, tx, request.body.items, request.cause);
        touched = touchedBy(decisions);
        return { status: 200, body: decisions.map((decision, index) => resultOf(decision, index, request)) };
      }),
    );
    if (touched.length > 0) await forgetProducts(ctx, touched);
    return saved;
  }),
];

function resultOf(decision: BatchDecision, index: number, request: Parameters<typeof itemProblem>[2]) {
  if (decision.kind === 'refused') {
    const problem = itemProblem(decision.error, index, request);
    return { status: problem.status, product: null, problem };
  }
  const { stock_quantity } = decision;
  const [status, record] = decision.kind === 'created' ? [201, decision.product] : [200, decision.after];
  return { status, product: toResource({ ...record, stock_quantity }), problem: null };
}
