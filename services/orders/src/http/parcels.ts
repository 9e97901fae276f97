import * as routes from '@souk/contracts';
import { answer, once, type ServedRoute, serve } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { markDelivered, sendParcel } from '../use-cases/send-parcel.ts';

export const parcelRoutes: readonly ServedRoute<OrdersContext>[] = [
  serve(routes.sendParcel, async (ctx: OrdersContext, request) => {
    const { params, if_match, body, cause } = request;
    return once(ctx, request, async (tx) => ({ status: 201, body: await sendParcel(ctx, tx, { ...params, if_match, cause }, body) }));
  }),
  serve(routes.markParcelDelivered, async (ctx: OrdersContext, { params, cause }) =>
    answer(200, await markDelivered(ctx, { ...params, cause })),
  ),
];
