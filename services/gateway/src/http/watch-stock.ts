/** `GET /api/stock/events`: what is available of products, as it is and whenever it changes. */
import { type Availability, watchStock } from '@souk/contracts';
import type { GatewayContext } from '../context.ts';
import { followStock } from '../use-cases/follow.ts';
import { beginStream } from './begin-stream.ts';
import type { StreamEvent } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { createQueryReader } from './own-query.ts';
import type { StreamingRoute } from './own-route.ts';

const readQuery = createQueryReader(watchStock);

async function follow(context: GatewayContext, exchange: Exchange): Promise<void> {
  const product_ids = readQuery(exchange.request.url ?? '').product_ids.split(',');
  const stream = beginStream(context, exchange);
  const begin = (levels: readonly Availability[]): void => {
    if (!stream.isOpen) return;
    stream.open();
    stream.send(levels.map(eventOf));
  };
  stream.hold(await followStock(context, product_ids, begin, (level) => stream.send([eventOf(level)])));
}

function eventOf(data: Availability): StreamEvent {
  return { event: 'stock', data };
}

export const stockEventsRoute: StreamingRoute = {
  method: watchStock.method,
  path: watchStock.path,
  stream(context, exchange) {
    follow(context, exchange).catch((error: unknown) => exchange.refuse(error));
  },
};
