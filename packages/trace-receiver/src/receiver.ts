/** A collector that only remembers: takes OTLP over HTTP and keeps the newest traces in memory. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@souk/kernel';
import { readSpans, type TraceSpan } from './read-spans.ts';

export interface TraceReceiverOptions {
  host?: string;
  /** 0 takes a free one. */
  port: number;
  /** Most traces kept; the oldest are forgotten (default 1000). */
  traces_max?: number;
  /** Called with what has just come. */
  received?(spans: readonly TraceSpan[]): void;
}

export interface TraceReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string;
  /** What has come of one trace so far; empty when nothing has. */
  trace(trace_id: string): readonly TraceSpan[];
  /** Everything that is kept, oldest trace first. */
  spans(): TraceSpan[];
  /** Forgets a trace. */
  forget(trace_id: string): void;
  close(): Promise<void>;
}

const tracesMaxDefault = 1_000;
const spansOfTraceMax = 10_000;
const bodyBytesMax = 16_777_216;
const path = '/v1/traces';

/** Starts it. Throws `port_taken`. */
export async function startTraceReceiver(options: TraceReceiverOptions): Promise<TraceReceiver> {
  const { host = '127.0.0.1', port, traces_max = tracesMaxDefault } = options;
  const traces = new Map<string, TraceSpan[]>();
  const keep = (spans: readonly TraceSpan[]): void => {
    for (const span of spans) {
      const trace = traces.get(span.trace_id) ?? [];
      if (trace.length === 0) traces.set(span.trace_id, trace);
      if (trace.length < spansOfTraceMax) trace.push(span);
      if (traces.size > traces_max) traces.delete(traces.keys().next().value ?? '');
    }
    options.received?.(spans);
  };
  const server = createServer((request, response) => {
    take(request)
      .then(
        (body) => {
          keep(readSpans(body));
          // The empty message: everything was taken.
          response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
        },
        (error: unknown) => refuse(response, error),
      )
      .catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new AppError('port_taken', `Port ${port} of ${host} is taken.`, { host, port }, error) : error),
    );
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    trace: (trace_id) => traces.get(trace_id) ?? [],
    spans: () => [...traces.values()].flat(),
    forget: (trace_id) => void traces.delete(trace_id),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function take(request: IncomingMessage): Promise<Buffer> {
  if (request.url !== path) throw new AppError('not_found', `Traces are taken at ${path}.`, { status: 404 });
  if (request.method !== 'POST') throw new AppError('method_not_allowed', 'Traces are sent by POST.', { status: 405 });
  if (request.headers['content-type'] !== 'application/x-protobuf')
    throw new AppError('media_type_unsupported', 'Traces are taken as application/x-protobuf.', { status: 415 });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new AppError('body_too_large', `A body has at most ${bodyBytesMax} bytes.`, { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const known = error instanceof AppError;
  const status = known ? Number(error.details['status'] ?? 400) : 500;
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(known ? error.message : 'failed');
}
