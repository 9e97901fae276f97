import * as routes from '@souk/contracts';
import { answer, once, type ServedRoute, serve } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { requestReturn } from '../use-cases/change-return.ts';
import { cancelLinkedOrder, customerOfLink, getLinkedOrder, returnsOfLink, withoutCustomer } from '../use-cases/linked-order.ts';
import { requestLookup } from '../use-cases/look-up-orders.ts';

export const orderLinkRoutes: readonly ServedRoute<OrdersContext>[] = [
  serve(routes.lookUpOrder, async (ctx: OrdersContext, { body, cause }) => {
    await requestLookup(ctx, body, cause);
    return answer(202, { status: 'accepted' as const });
  }),
  serve(routes.getLinkedOrder, async (ctx: OrdersContext, request) =>
    answer(200, await getLinkedOrder(ctx, request.header('authorization'))),
  ),
  serve(routes.cancelLinkedOrder, async (ctx: OrdersContext, request) =>
    answer(200, await cancelLinkedOrder(ctx, request.header('authorization'), request.cause)),
  ),
  serve(routes.requestLinkedReturn, async (ctx: OrdersContext, request) => {
    const { order_id, user_id } = await customerOfLink(ctx, request.header('authorization'));
    // The key belongs to the customer, as for who signs in, and the order to what is asked for.
    const { idempotency_key, route, body, cause } = request;
    const asked = { order_id, ...body };
    const keyed = { idempotency_key, route, params: undefined, body: asked, caller: { user_id } };
    return once(ctx, keyed, async (tx) => ({ status: 201, body: withoutCustomer(await requestReturn(ctx, tx, order_id, body, cause)) }));
  }),
  serve(routes.listLinkedReturns, async (ctx: OrdersContext, request) =>
    answer(200, await returnsOfLink(ctx, request.header('authorization'))),
  ),
];
