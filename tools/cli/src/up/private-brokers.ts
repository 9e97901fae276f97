/** The private RabbitMQ and Redis of a platform: started again when they die, as the services are. */
import { delimiter, dirname } from 'node:path';
import { backoffMs, type Log, pause } from '@souk/kernel';
import { startPrivateRabbit } from '@souk/messaging';
import { startPrivateRedis } from '@souk/redis/private';

export interface PrivateBroker {
  /** With user and password. */
  url: string;
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface PrivateBrokerOptions {
  folder: string;
  /** Its program, with the folder. */
  program: string;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
}

const reviveFirstMs = 200;
const reviveMostMs = 10_000;

export async function openPrivateRabbit({ folder, program, env, log }: PrivateBrokerOptions): Promise<PrivateBroker> {
  const server = await startPrivateRabbit({
    folder,
    log,
    environment: { ...env, PATH: [dirname(program), env['PATH'] ?? ''].join(delimiter) },
  });
  const stopping = new AbortController();
  const revive = async (): Promise<void> => {
    for (let failures = 0; ; failures += 1) {
      await server.ended();
      if (stopping.signal.aborted) return;
      log.warn({ folder }, 'the private RabbitMQ died; starting it again');
      await pause(backoffMs(failures, reviveFirstMs, reviveMostMs), stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        await server.start();
        failures = 0;
      } catch (error) {
        log.error({ err: error }, 'the private RabbitMQ could not be started again; trying once more');
      }
    }
  };
  const reviving = revive();
  return {
    url: server.url,
    pid: () => server.pid(),
    async stop() {
      stopping.abort();
      await server.close();
      await reviving;
    },
  };
}

export async function openPrivateRedis({ folder, program, log }: PrivateBrokerOptions): Promise<PrivateBroker> {
  const server = await startPrivateRedis({ folder, log, appendonly: true, revive: true, program });
  return { url: server.url, pid: () => server.pid, stop: () => server.stop() };
}
