/** The first and the last of a request: which story it belongs to, and the line that says how it went. */
import { carriedSpan, type IdSource, type Log, type Tracer, traceIdOf } from '@souk/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { logRequestLine } from '../observe/request-log.ts';
import { correlationIdOf } from './correlation.ts';
import { startRequestSpan } from './request-span.ts';
import type { RequestState } from './route-request.ts';
import { keepState, stateOf } from './send.ts';

export interface Beginning {
  ids: IdSource;
  tracer: Tracer;
  isInternal(token: string): boolean;
}

/** Takes a request up. `path` is that of the route as declared, never an address. */
export function beginRequest(
  { ids, tracer, isInternal }: Beginning,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
): RequestState {
  const { headers, method } = request;
  const gateway = headers['x-souk-gateway'];
  const correlation_id = correlationIdOf(headers['x-correlation-id'], ids);
  const span = startRequestSpan(tracer, { method, path, correlation_id, traceparent: headers['traceparent'] });
  return keep(request, reply, {
    correlation_id,
    span,
    caller: undefined,
    fromGateway: typeof gateway === 'string' && isInternal(gateway),
    observed: false,
  });
}

/** Takes up what no route takes up, whose end nobody observes. */
export function beginUntraced(request: FastifyRequest, reply: FastifyReply, ids: IdSource): void {
  const correlation_id = correlationIdOf(request.headers['x-correlation-id'], ids);
  keep(request, reply, { correlation_id, span: carriedSpan(undefined), caller: undefined, fromGateway: false, observed: false });
}

function keep(request: FastifyRequest, reply: FastifyReply, state: RequestState): RequestState {
  reply.header('x-correlation-id', state.correlation_id);
  return keepState(request, state);
}

/** The line of a request. */
export function logRequest(log: Log, request: FastifyRequest, route: string, status: number, ms: number): void {
  const { correlation_id, span, caller } = stateOf(request);
  const fields = {
    method: request.method,
    route,
    status,
    ms: Math.round(ms * 100) / 100,
    correlation_id,
    trace_id: traceIdOf(span.traceparent),
    caller: caller?.user_id,
  };
  logRequestLine(log, fields);
}
