import * as routes from '@souk/contracts';
import { type Answer, answer, type ServedRoute, serve } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { getCart, mergeCart, putCart } from '../use-cases/change-cart.ts';

export const cartRoutes: readonly ServedRoute<OrdersContext>[] = [
  serve(routes.getCart, async (ctx: OrdersContext, { caller }) => cartAnswer(await getCart(ctx, caller.user_id))),
  serve(routes.putCart, async (ctx: OrdersContext, { caller, body, if_match }) =>
    cartAnswer(await putCart(ctx, { user_id: caller.user_id, wanted: body, if_match })),
  ),
  serve(routes.mergeCart, async (ctx: OrdersContext, { caller, body }) => cartAnswer(await mergeCart(ctx, caller.user_id, body))),
];

function cartAnswer(cart: routes.Cart): Answer<routes.Cart> {
  return answer(200, cart, { etag: cart.version });
}
