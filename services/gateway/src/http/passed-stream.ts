/**
 * Streams of events that a service answers with (subscriptions of the graph) are passed on as they come. For their client they are what
 * the gateway's own streams are: one of a bounded number, no request in flight, and ended in turn when the gateway stops.
 */
import { eventStreamType } from '@souk/contracts';
import { callerId, prefersEventStream } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import { type Fields, fieldOf } from '../domain/answer-fields.ts';
import type { StreamEnd } from '../workers/open-streams.ts';
import { limitKeyOf } from './client-address.ts';
import type { Exchange } from './exchange.ts';

/** The service reads what it answers with at a gateway again, in the name of the same caller: that place is counted apart. */
const passed = 'passed ';

/** A place for an answer that the client asks for as a stream. Throws `too_many_streams`, `overloaded` and `shutting_down`. */
export function holdPlace({ live, metrics }: GatewayContext, exchange: Exchange): void {
  const { request, response, caller, client } = exchange;
  if (!prefersEventStream(request.headers.accept)) return;
  let why: StreamEnd | undefined;
  const end = (): void => {
    why = 'stopping';
    exchange.answerer.cancelled();
    if (exchange.streams_since === undefined) response.destroy();
    else response.end();
  };
  const leave = live.streams.enter(`${passed}${caller === undefined ? limitKeyOf(client.address) : callerId(caller)}`, { end });
  response.once('close', () => {
    leave();
    const reason = why ?? (response.writableFinished ? 'done' : 'client');
    if (exchange.streams_since !== undefined) metrics.count('souk_gateway_streams_ended_total', { reason });
  });
}

/** The answer that begins is a stream: no time limit of the route ends it, silence does. */
export function noteStream(exchange: Exchange, fields: Fields): void {
  if (fieldOf(fields, 'content-type') === eventStreamType) exchange.streams_since = performance.now();
}
