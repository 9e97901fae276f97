/**
 * The tracer on the OpenTelemetry SDK. Loaded only where a collector is configured: a process that does not trace does not pay
 * for it, not even at the start.
 */
import {
  type Link,
  SpanKind as OtelKind,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace';
import { isSampled, spanIdOf, traceIdOf } from '@souk/kernel';
import { request } from 'undici';
import { carriedSpan, type Span, type SpanAttributes, type SpanKind, type SpanStart, type Tracer } from './tracer.ts';

export interface OtelTracerOptions {
  service: string;
  instance_id: string;
  code_version: string;
  /** How many of the traces that begin here are recorded, from 0 to 1. */
  ratio: number;
  ended(span: ReadableSpan): void;
}

const kinds: Readonly<Record<SpanKind, OtelKind>> = {
  internal: OtelKind.INTERNAL,
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
};
const limits = { attributeCountLimit: 32, attributeValueLengthLimit: 256, linkCountLimit: 128, eventCountLimit: 8 };

export function createOtelTracer({ service, instance_id, code_version, ratio, ended }: OtelTracerOptions): Tracer {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'souk',
      'service.name': service,
      'service.instance.id': instance_id,
      'service.version': code_version,
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
    }),
    // What is not sampled never gets here.
    sampler: new AlwaysOnSampler(),
    spanLimits: limits,
    spanProcessors: [{ onStart() {}, onEnd: ended, forceFlush: async () => undefined, shutdown: async () => undefined }],
  });
  const otel = provider.getTracer('souk', code_version);
  const now = createPreciseClock();
  return {
    active: true,
    start(name, { kind = 'internal', parent, links = [], attributes = {} }: SpanStart = {}) {
      const begins = parent === undefined && (links.length > 0 ? links.some(isSampled) : Math.random() < ratio);
      if (!begins && !isSampled(parent)) return carriedSpan(parent);
      const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, contextOf(parent));
      return new RecordedSpan(
        otel.startSpan(name, { kind: kinds[kind], attributes, links: links.filter(isSampled).map(linkTo), startTime: now() }, context),
        now,
      );
    },
  };
}

const driftMsMax = 5;

/** Milliseconds since the epoch with a fraction: the steps of a checkout are shorter than a tick of the system's clock, which is followed when it is set. */
function createPreciseClock(): () => number {
  let origin_ms = Date.now() - performance.now();
  return () => {
    const precise_ms = origin_ms + performance.now();
    const drift_ms = Date.now() - precise_ms;
    if (Math.abs(drift_ms) < driftMsMax) return precise_ms;
    origin_ms += drift_ms;
    return precise_ms + drift_ms;
  };
}

function contextOf(traceparent: string): SpanContext {
  return { traceId: traceIdOf(traceparent), spanId: spanIdOf(traceparent), traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

function linkTo(traceparent: string): Link {
  return { context: contextOf(traceparent) };
}

class RecordedSpan implements Span {
  readonly sampled = true;
  readonly traceparent: string;
  readonly #span: OtelSpan;
  readonly #now: () => number;

  constructor(span: OtelSpan, now: () => number) {
    const { traceId, spanId } = span.spanContext();
    this.traceparent = `00-${traceId}-${spanId}-01`;
    this.#span = span;
    this.#now = now;
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  fail(reason: string): void {
    this.#span.setAttribute('error.type', reason);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.#span.end(this.#now());
  }
}

export interface Collector {
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** Sends spans to an OTLP collector over HTTP as protobuf. Rejects unless it took them. */
export async function deliverSpans(collector: Collector, spans: readonly ReadableSpan[], signal: AbortSignal): Promise<void> {
  const body = ProtobufTraceSerializer.serializeRequest([...spans]);
  if (body === undefined) throw new Error('the spans could not be written');
  const answer = await request(collector.url, {
    method: 'POST',
    headers: { ...collector.headers, 'content-type': 'application/x-protobuf' },
    body,
    signal,
  });
  await answer.body.dump({ limit: answerBytesMax, signal });
  if (answer.statusCode >= 300) throw new Error(`the collector answered ${answer.statusCode}`);
}

const answerBytesMax = 65_536;
