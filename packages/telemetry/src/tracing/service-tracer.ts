/** The tracer of a service: silent until it is opened, and for ever where no collector is configured. */
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Clock, Log, Metrics } from '@souk/kernel';
import { createSpanQueue, type SpanQueue } from './span-queue.ts';
import { silentTracer, type Tracer } from './tracer.ts';

export interface ServiceTracer extends Tracer {
  /** Loads what tracing needs, if it is wanted. */
  open(): Promise<void>;
  /** Delivers the last spans, for at most `limit_ms`. */
  close(limit_ms: number): Promise<void>;
}

export interface ServiceTracerOptions {
  service: string;
  instance_id: string;
  config: TracingConfig;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

/** The variables of OpenTelemetry, as far as they are heeded. */
export interface TracingConfig {
  otel_exporter_otlp_endpoint?: string;
  otel_exporter_otlp_traces_endpoint?: string;
  otel_exporter_otlp_headers?: string;
  otel_exporter_otlp_timeout: number;
  otel_bsp_schedule_delay: number;
  otel_traces_sampler: 'parentbased_traceidratio' | 'parentbased_always_on' | 'parentbased_always_off';
  otel_traces_sampler_arg: number;
  code_version: string;
}

/** The tracer the configuration asks for. */
export function createServiceTracer(options: ServiceTracerOptions): ServiceTracer {
  const url = tracesUrl(options.config);
  if (url === undefined) return { ...silentTracer, open: async () => undefined, close: async () => undefined };
  let tracer: Tracer = silentTracer;
  let queue: SpanQueue<ReadableSpan> | undefined;
  return {
    get active() {
      return tracer.active;
    },
    start: (name, start) => tracer.start(name, start),
    async open() {
      const { createOtelTracer, deliverSpans } = await import('./otel-tracer.ts');
      const { service, instance_id, config, clock, log, metrics } = options;
      const collector = { url, headers: headersOf(config.otel_exporter_otlp_headers ?? '') };
      const opened = createSpanQueue<ReadableSpan>({
        deliver: (spans, signal) => deliverSpans(collector, spans, signal),
        timeout_ms: config.otel_exporter_otlp_timeout,
        gather_ms: config.otel_bsp_schedule_delay,
        address: new URL(url).host,
        clock,
        log,
        metrics,
      });
      queue = opened;
      const ended = (span: ReadableSpan): void => opened.put(span);
      tracer = createOtelTracer({ service, instance_id, code_version: config.code_version, ratio: ratioOf(config), ended });
    },
    async close(limit_ms) {
      tracer = silentTracer;
      await queue?.close(limit_ms);
    },
  };
}

/** As OpenTelemetry names them: the address of the collector gets a path, that of its traces is taken as it is. */
function tracesUrl({ otel_exporter_otlp_traces_endpoint, otel_exporter_otlp_endpoint }: TracingConfig): string | undefined {
  if (otel_exporter_otlp_traces_endpoint !== undefined) return otel_exporter_otlp_traces_endpoint;
  if (otel_exporter_otlp_endpoint === undefined) return undefined;
  let end = otel_exporter_otlp_endpoint.length;
  while (otel_exporter_otlp_endpoint[end - 1] === '/') end -= 1;
  return `${otel_exporter_otlp_endpoint.slice(0, end)}/v1/traces`;
}

function ratioOf({ otel_traces_sampler, otel_traces_sampler_arg }: TracingConfig): number {
  return { parentbased_always_on: 1, parentbased_always_off: 0, parentbased_traceidratio: otel_traces_sampler_arg }[otel_traces_sampler];
}

/** `name=value,name=value`, values encoded as in URLs. */
function headersOf(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const [name = '', ...value] = pair.split('=');
    return name.trim() === '' ? [] : [[name.trim(), decodeURIComponent(value.join('=').trim())] as const];
  });
  return Object.fromEntries(pairs);
}
