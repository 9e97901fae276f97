/** The routes the gateway answers itself. */
import { refusal } from '@souk/contracts';
import { challengeHeader, proofFor, proofHeader } from '@souk/discovery';
import { type Caller, checkBodyHeaders } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import type { Exchange, OwnAnswer } from './exchange.ts';
import { type BodyLimits, readWhole } from './request-body.ts';
import { paramsOf } from './router.ts';

/** What the gateway's own routes are given. */
export interface OwnRequest {
  params: Record<string, string>;
  /** The address as it was asked, query included. */
  url: string;
  query: URLSearchParams;
  /** Empty without a body. */
  body: Buffer;
  caller: Caller | undefined;
  correlation_id: string;
  traceparent: string;
  authorization: string | undefined;
  accept: string | undefined;
  signal: AbortSignal;
}

interface Addressed {
  method: string;
  path: string;
}

export interface AnsweringRoute extends Addressed {
  /** The content type of its body; a body of any other is refused. */
  takes?: string;
  answer(context: GatewayContext, request: OwnRequest): Promise<OwnAnswer>;
}

/** Its answer stays open as a stream of events. */
export interface StreamingRoute extends Addressed {
  stream(context: GatewayContext, exchange: Exchange): void;
}

/** It takes the connection over for another protocol, or refuses. */
export interface UpgradingRoute extends Addressed {
  upgrade(context: GatewayContext, exchange: Exchange): void;
}

export type OwnRoute = AnsweringRoute | StreamingRoute | UpgradingRoute;

/** Reads the body, if there is one, and lets the route answer. */
export function answerOwn(context: GatewayContext, route: AnsweringRoute, exchange: Exchange, limits: BodyLimits | undefined): void {
  const { body_bytes_max, route_timeout_ms } = context.config;
  if (route.takes !== undefined) checkBodyHeaders(exchange.request.headers, route.takes, body_bytes_max);
  const gone = new AbortController();
  let arriving = limits !== undefined;
  exchange.answerer = {
    expired: () => refusal(arriving ? 'request_timeout' : 'upstream_timeout'),
    cancelled: () => gone.abort(),
  };
  const answer = (body: Buffer): void => {
    arriving = false;
    const { request, caller, correlation_id, span, path } = exchange;
    const { url = '' } = request;
    const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
    const authorization = request.headers.authorization;
    const params = paramsOf(route.path, path);
    const given = {
      params,
      url,
      query,
      body,
      caller,
      correlation_id,
      traceparent: span.traceparent,
      authorization,
      accept: request.headers.accept,
      signal: gone.signal,
    };
    route.answer(context, given).then(
      (answered) =>
        exchange.send({ ...answered, headers: { ...answered.headers, ...proofHeaders(context, request.headers[challengeHeader]) } }),
      (error: unknown) => exchange.refuse(error),
    );
  };
  if (limits === undefined) {
    answer(Buffer.alloc(0));
    return;
  }
  if (exchange.expects_continue) exchange.response.writeContinue();
  readWhole(exchange, limits, context.buffers, (error, body) => {
    if (error) {
      exchange.refuse(error);
      return;
    }
    exchange.allow(exchange.entry?.timeout_ms ?? route_timeout_ms);
    answer(body);
  });
}

/** A service asks for this before it registers, and another gateway before it counts this one as healthy. */
function proofHeaders({ keys, instance_id, address }: GatewayContext, challenge: string | string[] | undefined): Record<string, string> {
  const identity = { name: 'gateway', instance_id, ...address };
  const proof = typeof challenge === 'string' ? proofFor(keys.identityKey(), challenge, identity) : undefined;
  return proof === undefined ? {} : { [proofHeader]: proof };
}
