import { type Quote, requestsHeader, quoteOrder as route } from '@souk/contracts';
import { type Answer, answer, serve } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { quoteOrder } from '../use-cases/quote-order.ts';

/** As how many requests each code counts that does not exist: codes that people choose could be found by trying. */
const requestsOfUnknown = 20;

export const quoteRoutes = [
  serve(route, async (ctx: OrdersContext, { body, caller, cause }) =>
    weighed(await quoteOrder(ctx, body, caller && (caller.customer_key ?? caller.user_id), cause)),
  ),
];

function weighed(quote: Quote): Answer<Quote> {
  const unknown = quote.refused_codes?.filter(({ reason }) => reason === 'unknown').length ?? 0;
  return answer(200, quote, unknown === 0 ? {} : { headers: { [requestsHeader]: String(1 + unknown * requestsOfUnknown) } });
}
