import * as routes from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { type Answer, answer, encodeCursor, once, page, type ServedRoute, serve } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { checkOwner, moveReturn, previewRefund, receiveReturn, refundReturn, requestReturn } from '../use-cases/change-return.ts';
import { findReturns, getReturn } from '../use-cases/read-returns.ts';

export const returnRoutes: readonly ServedRoute<OrdersContext>[] = [
  serve(routes.requestReturn, async (ctx: OrdersContext, request) => {
    const { params, caller, body, cause } = request;
    await checkOwner(ctx, caller, params.order_id);
    return once(ctx, request, async (tx) => {
      const made = await requestReturn(ctx, tx, params.order_id, body, cause);
      return { status: 201, body: made, options: { etag: made.version } };
    });
  }),
  serve(routes.listReturns, async (ctx: OrdersContext, { caller, query }) => {
    const { limit, skip, after } = page(query, isReturnId);
    const { order_id, state } = query;
    const { returns, last } = await findReturns(ctx, caller, { order_id, state, before: after, skip, limit });
    return answer(200, returns, { next_cursor: last === null ? null : encodeCursor(last) });
  }),
  serve(routes.getReturn, async (ctx: OrdersContext, { caller, params }) => tagged(await getReturn(ctx, caller, params.return_id))),
  serve(routes.approveReturn, async (ctx: OrdersContext, { params, if_match, cause }) =>
    tagged(await moveReturn(ctx, { ...params, if_match, cause }, 'approve')),
  ),
  serve(routes.rejectReturn, async (ctx: OrdersContext, { params, if_match, cause }) =>
    tagged(await moveReturn(ctx, { ...params, if_match, cause }, 'reject')),
  ),
  serve(routes.closeReturn, async (ctx: OrdersContext, { params, if_match, cause }) =>
    tagged(await moveReturn(ctx, { ...params, if_match, cause }, 'close')),
  ),
  serve(routes.receiveReturn, async (ctx: OrdersContext, { params, body, if_match, cause }) =>
    tagged(await receiveReturn(ctx, { ...params, if_match, cause }, body)),
  ),
  serve(routes.refundReturn, async (ctx: OrdersContext, { params, body, if_match, cause }) =>
    tagged(await refundReturn(ctx, { ...params, if_match, cause }, body)),
  ),
  serve(routes.previewReturnRefund, async (ctx: OrdersContext, { params, query }) =>
    answer(200, await previewRefund(ctx, params.return_id, query.shipping ?? 'none')),
  ),
];

function tagged(returned: routes.Return): Answer<routes.Return> {
  return answer(200, returned, { etag: returned.version });
}

function isReturnId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
