import * as routes from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { type Answer, answer, decodeCursor, encodeCursor, page, type ServedRoute, serve } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import {
  changePromotion,
  createCodes,
  createPromotion,
  getPromotion,
  listCodes,
  listPromotions,
  withdrawCode,
} from '../use-cases/change-promotions.ts';
import { simulatePromotion } from '../use-cases/quote-order.ts';
import { rulesAnswer } from './rules-answer.ts';

const codesLimitDefault = 100;

export const promotionRoutes: readonly ServedRoute<OrdersContext>[] = [
  serve(routes.listPromotions, async (ctx: OrdersContext, { query }) => {
    const { limit, skip, after } = page(query, isPromotionId);
    return rulesAnswer(await listPromotions(ctx, { after, skip, limit: limit + 1 }), limit);
  }),
  serve(routes.createPromotion, async (ctx: OrdersContext, { body, cause }) => {
    const promotion = await createPromotion(ctx, body, { cause });
    return answer(201, promotion, { etag: promotion.version, location: `/api/promotions/${promotion.id}` });
  }),
  serve(routes.getPromotion, async (ctx: OrdersContext, { params }) => tagged(await getPromotion(ctx, params.promotion_id))),
  serve(routes.changePromotion, async (ctx: OrdersContext, { params, body, if_match, cause }) =>
    tagged(await changePromotion(ctx, params.promotion_id, body, { if_match, cause })),
  ),
  serve(routes.listPromotionCodes, async (ctx: OrdersContext, { params, query }) => {
    const { cursor, limit = codesLimitDefault } = query;
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isCode);
    const codes = await listCodes(ctx, params.promotion_id, { after, limit: limit + 1 });
    const shown = codes.slice(0, limit);
    const last = codes.length > limit ? shown.at(-1) : undefined;
    return answer(200, shown, { next_cursor: last === undefined ? null : encodeCursor(last.code) });
  }),
  serve(routes.createPromotionCodes, async (ctx: OrdersContext, { params, body, cause }) =>
    answer(201, { codes: await createCodes(ctx, params.promotion_id, body, { cause }) }),
  ),
  serve(routes.withdrawPromotionCode, async (ctx: OrdersContext, { params, body, cause }) =>
    answer(200, await withdrawCode(ctx, params.promotion_id, body.code, { cause })),
  ),
  serve(routes.simulatePromotion, async (ctx: OrdersContext, { params, body, cause }) =>
    answer(200, await simulatePromotion(ctx, params.promotion_id, body, cause)),
  ),
];

function tagged(promotion: routes.Promotion): Answer<routes.Promotion> {
  return answer(200, promotion, { etag: promotion.version });
}

function isPromotionId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}

function isCode(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0;
}
