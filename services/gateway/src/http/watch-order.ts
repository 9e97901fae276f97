/** `GET /api/orders/{order_id}/events`: the lines of an order's history as they are written. */
import { type HistoryPart, type OrderTransition, refusal, watchOrder } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import type { GatewayContext } from '../context.ts';
import { isEnd, lastSequenceOf } from '../domain/live.ts';
import { followOrder } from '../use-cases/follow.ts';
import { beginStream } from './begin-stream.ts';
import type { EventStream, StreamEvent } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { createQueryReader } from './own-query.ts';
import type { StreamingRoute } from './own-route.ts';
import { paramsOf } from './router.ts';

const readQuery = createQueryReader(watchOrder);

async function follow(context: GatewayContext, exchange: Exchange): Promise<void> {
  const { request, caller, path } = exchange;
  const order_id = paramsOf(watchOrder.path, path)['order_id'] ?? '';
  if (!isUuid(order_id)) throw refusal('validation_failed', 'The address is not valid: order_id does not have the right form.');
  readQuery(request.url ?? '');
  const after = lastSequenceOf(request.headers['last-event-id']);
  const stream = beginStream(context, exchange);
  const begin = (part: HistoryPart): void => beginWith(exchange, stream, part);
  stream.hold(await followOrder(context, { order_id, after, caller }, begin, (part) => report(stream, part)));
}

/** The stream with what has happened already; no stream where nothing is to come. */
function beginWith(exchange: Exchange, stream: EventStream, part: HistoryPart): void {
  if (!stream.isOpen) return;
  if (isEnd(part) && part.transitions.length === 0) {
    exchange.send({ status: 204 });
    return;
  }
  stream.open();
  report(stream, part);
}

function report(stream: EventStream, part: HistoryPart): void {
  stream.send(part.transitions.map(eventOf));
  if (isEnd(part)) stream.finish();
}

function eventOf(line: OrderTransition): StreamEvent {
  return { id: line.sequence, event: line.to, data: line };
}

export const orderEventsRoute: StreamingRoute = {
  method: watchOrder.method,
  path: watchOrder.path,
  stream(context, exchange) {
    follow(context, exchange).catch((error: unknown) => exchange.refuse(error));
  },
};
