import { startTraceReceiver } from '@souk/trace-receiver';
import { createTraceWatch } from '../trace/trace-watch.ts';

const lookMs = 250;

export interface TraceOptions {
  port: number;
  only: string;
  all?: boolean;
}

/** Takes traces as a collector does and prints them as trees, until it is stopped. */
export async function watchTraces({ port, only, all = false }: TraceOptions): Promise<number> {
  const watch = createTraceWatch({ only, all });
  const receiver = await startTraceReceiver({ port, received: (spans) => watch.received(spans, performance.now()) });
  process.stdout.write(
    `Traces are taken at ${receiver.url} and printed when they have ended. In another terminal:\n\n  OTEL_EXPORTER_OTLP_ENDPOINT=${receiver.url} OTEL_BSP_SCHEDULE_DELAY=500 npm start\n\n`,
  );
  const look = setInterval(() => {
    for (const tree of watch.ended(performance.now(), receiver)) process.stdout.write(`${tree}\n`);
  }, lookMs);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  clearInterval(look);
  await receiver.close();
  return 0;
}
