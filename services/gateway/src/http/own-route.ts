/** The routes the gateway answers itself. */
import { refusal } from '@souk/contracts';
import type { Caller } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import type { Exchange, OwnAnswer } from './exchange.ts';
import { readWhole, wholeBytesMax } from './request-body.ts';
import { paramsOf } from './router.ts';

/** What the gateway's own routes are given. */
export interface OwnRequest {
  params: Record<string, string>;
  query: URLSearchParams;
  /** Empty without a body. */
  body_text: string;
  caller: Caller | undefined;
  content_type: string | undefined;
  correlation_id: string;
  traceparent: string;
  authorization: string | undefined;
  signal: AbortSignal;
}

export interface OwnRoute {
  method: string;
  path: string;
  answer(context: GatewayContext, request: OwnRequest): Promise<OwnAnswer>;
}

/** Reads the body, if there is one, and lets the route answer. */
export function answerOwn(context: GatewayContext, route: OwnRoute, exchange: Exchange, hasBody: boolean): void {
  const gone = new AbortController();
  exchange.answerer = { expired: () => refusal('upstream_timeout'), cancelled: () => gone.abort() };
  const answer = (body: Buffer): void => {
    const { request, caller, correlation_id, traceparent, path } = exchange;
    const { url = '' } = request;
    const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
    const authorization = request.headers.authorization;
    const params = paramsOf(route.path, path);
    const given = {
      params,
      query,
      body_text: body.toString('utf8'),
      caller,
      content_type: request.headers['content-type'],
      correlation_id,
      traceparent,
      authorization,
      signal: gone.signal,
    };
    route.answer(context, given).then(
      (answered) => exchange.send(answered),
      (error: unknown) => exchange.refuse(error),
    );
  };
  if (!hasBody) {
    answer(Buffer.alloc(0));
    return;
  }
  if (exchange.expects_continue) exchange.response.writeContinue();
  readWhole(exchange.request, wholeBytesMax, (error, body) => (error ? exchange.refuse(error) : answer(body)));
}
