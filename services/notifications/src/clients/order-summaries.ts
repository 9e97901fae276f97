import { type OrderSummary, refusal, summarisedOrdersMax, summariseOrders } from '@souk/contracts';
import { type CallContext, callService } from '@souk/service-kit';
import type { FindOrderSummaries } from '../domain/required-interfaces.ts';

/** Asks orders, in as few questions as there may be. */
export function createFindOrderSummaries(ctx: CallContext): FindOrderSummaries {
  return async (order_ids) => {
    const found = new Map<string, OrderSummary>();
    for (let from = 0; from < order_ids.length; from += summarisedOrdersMax) {
      const body = { order_ids: order_ids.slice(from, from + summarisedOrdersMax) };
      const answer = await callService(ctx, ctx.config.orders_url, summariseOrders, { internal: true, body });
      if (answer.status !== 200) throw refusal('service_unavailable', 'What the orders of messages hold could not be read.');
      for (const summary of answer.body) found.set(summary.order_id, summary);
    }
    return found;
  };
}
