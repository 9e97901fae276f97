import { parseArgs } from 'node:util';
import { refusal } from '@souk/contracts';
import { startTraceReceiver } from '@souk/trace-receiver';
import { createTraceWatch } from '../trace/trace-watch.ts';

const portDefault = '4318';
const portMax = 65_535;
const lookMs = 250;

/** Takes traces as a collector does and prints them as trees, until it is stopped. */
export async function watchTraces(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: portDefault },
      only: { type: 'string', default: '' },
      all: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > portMax)
    throw refusal('validation_failed', `--port is ${JSON.stringify(values.port)}; it must be a whole number from 0 to ${portMax}.`);
  const watch = createTraceWatch({ only: values.only, all: values.all });
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
