/** The life of a service that is a process of its own. */
import { AppError, type Log } from '@souk/kernel';
import type { Broker } from '@souk/messaging';
import type { PlatformConfig } from '../config/platform-fields.ts';
import { createLog } from '../observe/create-log.ts';
import type { Service } from './build-service.ts';
import type { Overrides } from './context.ts';
import { openSharedParts } from './shared-parts.ts';

/** What running a process reads of its configuration; the rest is the service's own. */
type ProcessConfig = Pick<
  PlatformConfig,
  'log_level' | 'log_format' | 'amqp_url' | 'broker_url' | 'redis_url' | 'installation' | 'shutdown_timeout_ms'
>;

export interface MainOptions<Config extends ProcessConfig> {
  /** Reads the configuration; throws `config_invalid`. */
  load(): Config;
  /** Opens the broker the configuration names. */
  openBroker(config: Config, log: Log): Promise<Broker> | Broker;
  /** What it shares with other processes; default the second tier of caches in Redis. */
  openParts?(config: Config, log: Log): Promise<{ overrides: object; close(): void }>;
  build(config: Config, overrides: Overrides): Pick<Service, 'name' | 'start' | 'stop'>;
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
  const config = loadOrExit(load);
  const log = createLog({ level: config.log_level, format: config.log_format });
  const broker = await openBroker(config, log);
  const parts = await openParts(config, log);
  const service = build(config, { broker, log, ...parts.overrides });
  const stop = stopOnce(service, [broker, parts], config.shutdown_timeout_ms, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'an error was caught by nobody; the process ends');
    void stop(1);
  });
  try {
    await service.start();
  } catch (error) {
    tell(error);
    await stop(1);
  }
}

function loadOrExit<Config>(load: () => Config): Config {
  try {
    return load();
  } catch (error) {
    tell(error);
    process.exit(1);
  }
}

/** An error for whoever started the process: a known one as its sentence, a bug with its stack. */
function tell(error: unknown): void {
  const text = error instanceof AppError ? `${error.code}: ${error.message}` : ((error as Error).stack ?? String(error));
  process.stderr.write(`${text}\n`);
}

function stopOnce(
  service: Pick<Service, 'stop'>,
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
