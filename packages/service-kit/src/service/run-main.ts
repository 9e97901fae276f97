/** The life of a service that is a process of its own. */
import { AppError, type Log } from '@souk/kernel';
import type { Broker } from '@souk/messaging';
import { createLog } from '@souk/telemetry';
import type { PlatformConfig } from '../config/platform-fields.ts';
import type { Overrides } from './context.ts';
import type { RunnableService } from './runnable-service.ts';
import { openSharedParts } from './shared-parts.ts';

/** What running a process reads of its configuration; the rest is the service's own. */
type ProcessConfig = Pick<
  PlatformConfig,
  'log_level' | 'log_format' | 'amqp_url' | 'broker_url' | 'redis_url' | 'installation' | 'shutdown_timeout_ms'
>;

export interface MainOptions<Config extends ProcessConfig> {
  /** Reads the configuration; throws `config_invalid`. */
  load(): Config;
  /** Opens the broker the configuration names; left out where none is used. */
  openBroker?(config: Config, log: Log): Promise<Broker> | Broker;
  /** What it shares with other processes; default the second tier of caches in Redis. */
  openParts?(config: Config, log: Log): Promise<{ overrides: object; close(): void }>;
  build(config: Config, overrides: Overrides): Pick<RunnableService, 'name' | 'start' | 'stop'>;
}

/**
 * Runs a service until SIGTERM or SIGINT, then stops it within its time limit and ends the process: status 0, or 1 when
 * it could not start. Everything that is wrong with the configuration is printed before anything is opened.
 */
export async function runMain<Config extends ProcessConfig>({
  load,
  openBroker,
  openParts = openSharedParts,
  build,
}: MainOptions<Config>): Promise<void> {
  const config = await orExit(load);
  const log = createLog({ level: config.log_level, format: config.log_format });
  const { broker, parts } = await orExit(async () => ({ broker: await openBroker?.(config, log), parts: await openParts(config, log) }));
  const service = build(config, { log, ...(broker && { broker }), ...parts.overrides } as Overrides);
  const stop = stopOnce(service, broker ? [broker, parts] : [parts], config.shutdown_timeout_ms, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'uncaught exception; the process ends');
    void stop(1);
  });
  try {
    await service.start();
  } catch (error) {
    report(error);
    await stop(1);
  }
}

/** What comes before there is anything to stop. */
async function orExit<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    report(error);
    process.exit(1);
  }
}

/** Prints an error to stderr: a known one as its sentence, a bug with its stack. */
function report(error: unknown): void {
  const text = error instanceof AppError ? `${error.code}: ${error.message}` : ((error as Error).stack ?? String(error));
  process.stderr.write(`${text}\n`);
}

function stopOnce(
  service: Pick<RunnableService, 'stop'>,
  opened: readonly { close(): unknown }[],
  timeout_ms: number,
  log: Log,
): (status: number) => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = async (status: number): Promise<void> => {
    // Whatever hangs: the process ends.
    setTimeout(() => process.exit(1), timeout_ms + 5_000).unref();
    try {
      await service.stop();
      for (const part of opened) await part.close();
    } catch (error) {
      log.error({ err: error }, 'stopping failed');
    }
    process.exit(status);
  };
  return (status) => {
    stopping ??= stop(status);
    return stopping;
  };
}
