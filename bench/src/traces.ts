/** A collector in this process, whose work is the generator's: what is left of tracing is what the shop pays for it. */
import { startTraceReceiver } from '@souk/trace-receiver';

export interface Traces {
  /** For the shop under measurement. */
  variables: Record<string, string>;
  close(): Promise<void>;
}

/** Traces of this share of the checkouts, from 0 to 1; undefined leaves tracing off. */
export async function openTraces(share: number | undefined): Promise<Traces> {
  if (share === undefined) return { variables: {}, close: async () => undefined };
  const receiver = await startTraceReceiver({ port: 0 });
  return {
    variables: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER_ARG: String(share) },
    close: () => receiver.close(),
  };
}
