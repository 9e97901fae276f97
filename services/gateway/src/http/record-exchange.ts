/** What is written down of an exchange at its end: the counts of its route, the end of its span, and the line of the log. */
import { traceIdOf } from '@souk/kernel';
import { endRequestSpan } from '@souk/service-kit';
import { logRequestLine } from '@souk/telemetry';
import type { GatewayContext } from '../context.ts';
import type { RouteEntry } from '../route-table.ts';
import type { Exchange } from './exchange.ts';
import type { RateGate } from './rate-gate.ts';

/** Where requests are counted that no route takes. */
export const neitherHere = { method: '*', path: 'not found' };

interface Recorded {
  entry: RouteEntry;
  logged: boolean;
  count(status: number, seconds: number, traceparent: string): void;
}

const tooMany = 429;

/** Writes down how an exchange ended; one whose client has left ends with 499. */
export function createRecorder(context: GatewayContext, rates: RateGate): (exchange: Exchange, target: Recorded | undefined) => void {
  const { config, metrics } = context;
  const unknown = metrics.requests.route(neitherHere.method, neitherHere.path);
  const writesLines = config.log_level === 'debug' || config.log_level === 'info';
  return (exchange, target) => {
    const { response, started } = exchange;
    const status = statusOf(exchange);
    exchange.gone = true;
    if (!response.writableFinished || !exchange.request.complete) exchange.answerer.cancelled();
    const ms = performance.now() - started;
    if (target) rates.charge(target.entry.limit, exchange.limit_keys, exchange.answered_bytes);
    const answered_ms = exchange.streams_since === undefined ? ms : exchange.streams_since - started;
    (target ?? unknown).count(status, answered_ms / 1_000, exchange.span.traceparent);
    endRequestSpan(exchange.span, status);
    if (writesLines && target?.logged !== false) writeLine(context, exchange, status, ms);
  };
}

/** As it is recorded: 499 for a client who has left before the answer was whole. A stream has no other end. */
function statusOf({ response, isSocket, streams_since }: Exchange): number {
  if (isSocket) return 101;
  return response.writableFinished || streams_since !== undefined ? response.statusCode : 499;
}

function writeLine({ log }: GatewayContext, exchange: Exchange, status: number, ms: number): void {
  const { request, entry, correlation_id, span, caller, client } = exchange;
  const fields = {
    method: request.method,
    route: entry?.path ?? 'not found',
    status,
    ms: Math.round(ms * 100) / 100,
    correlation_id,
    trace_id: traceIdOf(span.traceparent),
    caller: caller?.user_id,
    api_key: caller?.key?.id,
    // An address is personal data; it is logged only where a rate limit refused the request.
    client_address: status === tooMany ? client.address : undefined,
  };
  logRequestLine(log, fields);
}
