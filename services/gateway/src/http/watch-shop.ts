/** `GET /api/live/events`: the events of the shop for staff, as the broker hands them out. */
import { watchShop } from '@souk/contracts';
import type { GatewayContext } from '../context.ts';
import { shopEventOf, topicsOf } from '../domain/live.ts';
import { beginStream } from './begin-stream.ts';
import type { Exchange } from './exchange.ts';
import { createQueryReader } from './own-query.ts';
import type { StreamingRoute } from './own-route.ts';

const readQuery = createQueryReader(watchShop);
/** Events may be missing before this: load again what is shown. */
const gap = { event: 'gap', data: {} };

function follow(context: GatewayContext, exchange: Exchange): void {
  const topics = topicsOf(readQuery(exchange.request.url ?? '').topics);
  const stream = beginStream(context, exchange);
  const { broadcast_subscribers } = context;
  stream.open();
  stream.send([gap]);
  const receive = (broadcast: { routing_key: string; body: string }): void => {
    const event = shopEventOf(broadcast, topics);
    if (event !== undefined) stream.send([{ event: event.event_type, data: event }]);
  };
  broadcast_subscribers.add(receive, () => stream.send([gap]));
  stream.hold(() => broadcast_subscribers.delete(receive));
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
