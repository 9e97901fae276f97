import * as routes from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { type Answer, answer, page, type ServedRoute, serve } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import {
  createShippingMethod,
  createShippingZone,
  deleteShippingMethod,
  deleteShippingZone,
  listShippingMethods,
  listShippingZones,
  replaceShippingMethod,
  replaceShippingZone,
} from '../use-cases/change-shipping.ts';
import { rulesAnswer } from './rules-answer.ts';

export const shippingRoutes: readonly ServedRoute<OrdersContext>[] = [
  serve(routes.listShippingZones, async (ctx: OrdersContext, { query }) => {
    const { limit, skip, after } = page(query, isRuleId);
    return rulesAnswer(await listShippingZones(ctx, { after, skip, limit: limit + 1 }), limit);
  }),
  serve(routes.createShippingZone, async (ctx: OrdersContext, { body, cause }) =>
    tagged(201, await createShippingZone(ctx, body, { cause })),
  ),
  serve(routes.replaceShippingZone, async (ctx: OrdersContext, { params, body, if_match, cause }) =>
    tagged(200, await replaceShippingZone(ctx, params.zone_id, body, { if_match, cause })),
  ),
  serve(routes.deleteShippingZone, async (ctx: OrdersContext, { params, if_match, cause }) => {
    await deleteShippingZone(ctx, params.zone_id, { if_match, cause });
    return answer(204, undefined);
  }),
  serve(routes.listShippingMethods, async (ctx: OrdersContext, { query }) => {
    const { limit, skip, after } = page(query, isRuleId);
    return rulesAnswer(await listShippingMethods(ctx, { zone_id: query.zone_id, after, skip, limit: limit + 1 }), limit);
  }),
  serve(routes.createShippingMethod, async (ctx: OrdersContext, { body, cause }) =>
    tagged(201, await createShippingMethod(ctx, body, { cause })),
  ),
  serve(routes.replaceShippingMethod, async (ctx: OrdersContext, { params, body, if_match, cause }) =>
    tagged(200, await replaceShippingMethod(ctx, params.method_id, body, { if_match, cause })),
  ),
  serve(routes.deleteShippingMethod, async (ctx: OrdersContext, { params, if_match, cause }) => {
    await deleteShippingMethod(ctx, params.method_id, { if_match, cause });
    return answer(204, undefined);
  }),
];

function tagged<T extends { version: number }>(status: number, rule: T): Answer<T> {
  return answer(status, rule, { etag: rule.version });
}

function isRuleId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
