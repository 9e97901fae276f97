/** The first and the last of a request: correlation and trace context, the count of requests in flight, the line that says how it went. */
import { challengeHeader, proofHeader } from '@souk/discovery';
import { type IdSource, type Log, pause, traceIdOf } from '@souk/kernel';
import { isHeartbeat, logRequestLine, type ServiceMetrics } from '@souk/telemetry';
import type { Tracer } from '@souk/telemetry/tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createTokenGuard } from '../auth/bearer.ts';
import { correlationIdOf } from './correlation.ts';
import { endRequestSpan, startRequestSpan } from './request-span.ts';

/** Takes a request up; its end is observed however it ends. */
export type Beginning = (request: FastifyRequest, reply: FastifyReply) => void;

export interface RequestFlowOptions {
  gateway_token: string;
  prove?: (challenge: string) => string | undefined;
  ids: IdSource;
  log: Log;
  metrics: ServiceMetrics;
  tracer: Tracer;
  log_requests: boolean;
}

export interface RequestFlow {
  /** For requests that are counted and logged under a route as declared, never as addressed. */
  beginningOf(route: { method: string; path: string }): Beginning;
  inFlight(): number;
  isDraining(): boolean;
  /** Refuses new requests from now on; resolves when none is in flight, at the latest at the deadline. */
  drain(deadline_ms: number): Promise<void>;
}

/** What HTTP has no status for: the client left before the answer. */
const clientLeft = 499;

export function createRequestFlow(options: RequestFlowOptions): RequestFlow {
  const { ids, log, metrics, tracer, log_requests, prove } = options;
  const isGateway = createTokenGuard(options.gateway_token);
  let inFlight = 0;
  let draining = false;
  let emptied: () => void = () => undefined;
  metrics.gauge('souk_http_requests_in_flight', () => [{ labels: {}, value: inFlight }]);

  const begin = (request: FastifyRequest, reply: FastifyReply, path: string): void => {
    const { headers, method } = request;
    const gateway = headers['x-souk-gateway'];
    const challenge = headers[challengeHeader];
    const proof = typeof challenge === 'string' ? prove?.(challenge) : undefined;
    if (proof !== undefined) reply.header(proofHeader, proof);
    const correlation_id = correlationIdOf(headers['x-correlation-id'], ids);
    request.correlation_id = correlation_id;
    request.from_gateway = typeof gateway === 'string' && isGateway(gateway);
    request.span = startRequestSpan(tracer, { method, path, correlation_id, traceparent: headers['traceparent'] });
    request.response = reply.raw;
    reply.header('x-correlation-id', correlation_id);
    reply.header('traceparent', request.span.traceparent);
  };

  return {
    beginningOf({ method, path }) {
      const counted = metrics.requests.route(method, path);
      const logged = log_requests && !isHeartbeat(path);
      return (request, reply) => {
        const started = performance.now();
        inFlight += 1;
        begin(request, reply, path);
        // Fastify reports answers that were sent; a client that has left before is noticed here only.
        reply.raw.once('close', () => {
          const ms = performance.now() - started;
          const { span, correlation_id, caller, streams_since } = request as { span: NonNullable<FastifyRequest['span']> } & FastifyRequest;
          // A stream has no other end than that its client leaves.
          const status = reply.raw.writableFinished || streams_since !== undefined ? reply.raw.statusCode : clientLeft;
          inFlight -= 1;
          if (inFlight === 0) emptied();
          counted.count(status, (streams_since === undefined ? ms : streams_since - started) / 1_000, span.traceparent);
          endRequestSpan(span, status);
          if (!logged) return;
          logRequestLine(log, {
            method: request.method,
            route: path,
            status,
            ms: Math.round(ms * 100) / 100,
            correlation_id,
            trace_id: traceIdOf(span.traceparent),
            caller: caller?.user_id,
            api_key: caller?.key?.id,
          });
        });
      };
    },
    inFlight: () => inFlight,
    isDraining: () => draining,
    async drain(deadline_ms) {
      draining = true;
      if (inFlight === 0) return;
      const deadline = new AbortController();
      await Promise.race([new Promise<void>((resolve) => (emptied = resolve)), pause(deadline_ms, deadline.signal)]);
      deadline.abort();
    },
  };
}
