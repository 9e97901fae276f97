/** The stream of an order's history, read at a gateway in the name of the caller: who may see the order is decided there. */
import { eventStreamType, type OrderTransition, refusal, watchOrder } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { type CallContext, serviceRefusal } from '@souk/service-kit';
import { Agent, type Dispatcher, request } from 'undici';
import { checkKey, type KeyCheckContext, type RequestContext } from './service-reader.ts';

/** A line of the history, and whose it is. */
export type OrderLine = OrderTransition & { order_id: string };

export type OrderEvent =
  | { kind: 'line'; id: string | undefined; line: OrderLine }
  | { kind: 'retry'; ms: number }
  /** Nothing has happened for a while. */
  | { kind: 'pulse' }
  /** The status is final. */
  | { kind: 'end' };

/** Ends after `end`, and without it when the caller's token ends or the gateway stops. */
export type OrderEvents = AsyncIterable<OrderEvent>;

export interface OrderQuestion {
  order_id: string;
  last_event_id: string | undefined;
  request: RequestContext;
}

type EventsContext = CallContext & KeyCheckContext & { readonly config: { gateway_url: string }; readonly order_streams: OrderStreams };

const headMs = 5_000;
/** A gateway sends something every 15 s. */
const silenceMs = 45_000;
const blockCharactersMax = 1_048_576;

/** The connections of streams, apart from those of other calls, which would wait for their end. */
export type OrderStreams = Dispatcher;

/** Opens at most so many at one gateway. */
export function createOrderStreams(streams_max: number): OrderStreams {
  return new Agent({
    connections: streams_max,
    pipelining: 1,
    connect: { timeout: 2_000 },
    headersTimeout: headMs,
    bodyTimeout: silenceMs,
  });
}

/** Resolves when the stream is open. Throws the refusal of the gateway, such as `not_found`, or `service_unavailable`. */
export async function followOrder(context: EventsContext, question: OrderQuestion): Promise<OrderEvents> {
  checkKey(context, question.request, watchOrder);
  let cause: unknown;
  for (const gateway_url of context.config.gateway_url.split(',').filter((url) => url !== '')) {
    try {
      const { statusCode: status, body, headers } = await open(context, gateway_url, question);
      if (status === 204) return ended();
      if (status === 200) return eventsOf(question.order_id, body);
      const text = await body.text();
      const refused = serviceRefusal('gateway', {
        status,
        headers,
        body: text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined,
      });
      // Another gateway does not stop at the same moment.
      if (status < 500) throw refused;
      cause = refused;
    } catch (error) {
      if (error instanceof AppError || question.request.signal.aborted) throw error;
      context.peers.forget(gateway_url);
      cause = error;
    }
  }
  throw refusal('service_unavailable', 'No gateway answers at the moment.', { service: 'gateway' }, cause);
}

async function open(
  { peers, order_streams }: EventsContext,
  gateway_url: string,
  { order_id, last_event_id, request: asked }: OrderQuestion,
): Promise<Dispatcher.ResponseData> {
  const { authorization = '', cause, signal } = asked;
  await peers.need('gateway', gateway_url, AbortSignal.any([signal, AbortSignal.timeout(headMs)]));
  return request(new URL(watchOrder.path.replace('{order_id}', order_id), gateway_url), {
    dispatcher: order_streams,
    signal,
    headers: {
      authorization,
      accept: eventStreamType,
      'x-correlation-id': cause.correlation ?? cause.correlation_id,
      ...(cause.traceparent !== undefined && { traceparent: cause.traceparent }),
      ...(last_event_id !== undefined && { 'last-event-id': last_event_id }),
    },
  });
}

async function* ended(): AsyncGenerator<OrderEvent> {
  yield { kind: 'end' };
}

async function* eventsOf(order_id: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<OrderEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    if (text.length > blockCharactersMax) throw new RangeError('an event of a gateway is too large');
    for (const block of blocks) {
      const event = eventOf(order_id, block);
      yield event;
      if (event.kind === 'end') return;
    }
  }
}

/** As gateways write them: one field a line, one line of data. */
function eventOf(order_id: string, block: string): OrderEvent {
  const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
  const [retry, data, id] = [fields.get('retry'), fields.get('data'), fields.get('id')];
  if (retry !== undefined) return { kind: 'retry', ms: Number(retry) };
  if (data === undefined) return { kind: 'pulse' };
  if (fields.get('event') === 'end') return { kind: 'end' };
  return { kind: 'line', id, line: { ...(JSON.parse(data) as OrderTransition), order_id } };
}
