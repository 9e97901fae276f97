/** `GET /api/stock/events`: what is available of products, as it is and whenever it changes. */
import { type Availability, watchStock } from '@souk/contracts';
import type { GatewayContext } from '../context.ts';
import { beginStream } from './begin-stream.ts';
import type { StreamEvent } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { createQueryReader } from './own-query.ts';
import type { StreamingRoute } from './own-route.ts';

const readQuery = createQueryReader(watchStock);

async function follow(context: GatewayContext, exchange: Exchange): Promise<void> {
  const keys = [...new Set(readQuery(exchange.request.url ?? '').product_ids.split(','))];
  const stream = beginStream(context, exchange);
  // Until the head is sent, what is known is gathered.
  const known = new Map<string, Availability>();
  let isOpen = false;
  const take = (part: Availability): void => {
    if (isOpen) stream.send([eventOf(part)]);
    else known.set(part.product_id, part);
  };
  const watching = keys.map(async (key) => {
    const stop = await context.live.stock.add({ key, after: 0 }, take, (part) => part && take(part));
    stream.hold(stop);
  });
  await Promise.all(watching);
  if (!stream.isOpen) return;
  isOpen = true;
  stream.open();
  stream.send([...known.values()].map(eventOf));
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
