/** `GET /api/live/events`: the events of the shop for staff, as the broker hands them out. */
import { topicScopes, watchShop } from '@souk/contracts';
import { checkScope } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import { topicsOf } from '../domain/live.ts';
import { followShop } from '../use-cases/follow.ts';
import { beginStream } from './begin-stream.ts';
import type { Exchange } from './exchange.ts';
import { createQueryReader } from './own-query.ts';
import type { StreamingRoute } from './own-route.ts';

const readQuery = createQueryReader(watchShop);

function follow(context: GatewayContext, exchange: Exchange): void {
  const topics = topicsOf(readQuery(exchange.request.url ?? '').topics);
  for (const topic of topics) checkScope(exchange.caller, topicScopes[topic]);
  const stream = beginStream(context, exchange);
  stream.open();
  stream.hold(followShop(context, topics, (event) => stream.send([event])));
}

export const shopEventsRoute: StreamingRoute = {
  method: watchShop.method,
  path: watchShop.path,
  stream(context, exchange) {
    try {
      follow(context, exchange);
    } catch (error) {
      exchange.refuse(error);
    }
  },
};
