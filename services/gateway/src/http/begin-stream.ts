import { eventStreamType } from '@souk/contracts';
import { callerId, preferredType } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import { bearerToken } from './admission.ts';
import { limitKeyOf } from './client-address.ts';
import { EventStream } from './event-stream.ts';
import type { Exchange } from './exchange.ts';

/**
 * A stream that takes its place among those of its caller and ends with the caller's token; its head is sent when it is opened.
 * Throws `not_acceptable`, `too_many_streams` and `overloaded`.
 */
export function beginStream({ live, metrics, verifier, clock, random }: GatewayContext, exchange: Exchange): EventStream {
  const { request, caller, client } = exchange;
  preferredType(request.headers.accept, [eventStreamType]);
  const { authorization } = request.headers;
  const ends_in_ms = authorization === undefined ? Number.POSITIVE_INFINITY : verifier.endOf(bearerToken(authorization)) - clock.now();
  const stream = new EventStream({
    exchange,
    ends_at: performance.now() + ends_in_ms,
    random,
    ended: (reason) => metrics.count('souk_gateway_streams_ended_total', { reason }),
  });
  stream.hold(live.streams.enter(caller === undefined ? limitKeyOf(client.address) : callerId(caller), stream));
  exchange.answerer = stream;
  exchange.response.once('close', () => stream.cancelled());
  return stream;
}
