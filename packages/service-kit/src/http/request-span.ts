/** The server span of a request. Traces begin with requests of the API; requests that watch the platform are recorded only when their sender traces them. */

import { isSampled, isTraceparent } from '@souk/kernel';
import { carriedSpan, type Span, type Tracer } from '@souk/telemetry/tracing';

const beginners = /^\/(api|graphql)(\/|$)/;
const serverFault = 500;
/** The client left before the answer. */
const clientLeft = 499;

export interface RequestStart {
  method: string;
  /** As declared. */
  path: string;
  correlation_id: string;
  /** The header, as it came. */
  traceparent: string | string[] | undefined;
}

/** Begins the span of a request, below what its client sent when that is valid. */
export function startRequestSpan(tracer: Tracer, { method, path, correlation_id, traceparent }: RequestStart): Span {
  const parent = typeof traceparent === 'string' && isTraceparent(traceparent) ? traceparent : undefined;
  const wanted = tracer.active && (parent === undefined ? beginners.test(path) : isSampled(parent));
  if (!wanted) return carriedSpan(parent);
  const span = tracer.start(`${method} ${path}`, { kind: 'server', parent });
  if (span.sampled) span.set({ 'http.request.method': method, 'http.route': path, 'souk.correlation_id': correlation_id });
  return span;
}

/** Ends the span of a request that was answered with `status`; 499 when its client did not wait for it. */
export function endRequestSpan(span: Span, status: number): void {
  if (!span.sampled) return;
  if (status === clientLeft) span.fail('client_left');
  else {
    span.set({ 'http.response.status_code': status });
    if (status >= serverFault) span.fail(String(status));
  }
  span.end();
}
