import { backoffMs, type Log, pause } from '@souk/kernel';
import pg from 'pg';

type Heard = (payload: string) => void;

export interface Listener {
  listen(channel: string, heard: Heard): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const firstDelayMs = 50;
const mostDelayMs = 5_000;
const connectTimeoutMs = 5_000;

/**
 * LISTEN over one connection for all channels, opened with the first and made again whenever it is lost. What is
 * listened to is kept here, so a command that fails with the connection needs no repetition: the next one brings it.
 */
export function createListener(url: string, application_name: string, log: Log): Listener {
  const channels = new Map<string, Set<Heard>>();
  const closing = new AbortController();
  let client: pg.Client | undefined;
  let running: Promise<void> | undefined;
  let firstTry: Promise<void> | undefined;

  const tell = (channel: string, payload: string): void => {
    for (const heard of channels.get(channel) ?? []) {
      try {
        heard(payload);
      } catch (error) {
        log.error({ err: error, channel }, 'a listener failed');
      }
    }
  };

  const command = async (verb: 'listen' | 'unlisten', channel: string): Promise<void> => {
    await client?.query(`${verb} ${pg.escapeIdentifier(channel)}`).catch((error: unknown) => {
      log.debug({ err: error, channel }, 'the listening connection was lost during a command');
    });
  };

  /** One life of the connection, from connecting to its end. True when it had been up. */
  const live = async (isFirst: boolean, tried: () => void): Promise<boolean> => {
    const fresh = new pg.Client({ connectionString: url, application_name, keepAlive: true, connectionTimeoutMillis: connectTimeoutMs });
    const ended = new Promise<void>((resolve) => fresh.once('end', () => resolve()));
    fresh.on('error', (error) => log.info({ err: error }, 'the listening connection was lost'));
    fresh.on('notification', (note) => tell(note.channel, note.payload ?? ''));
    try {
      await fresh.connect();
      client = fresh;
      await Promise.all([...channels.keys()].map((channel) => command('listen', channel)));
      if (closing.signal.aborted) await fresh.end();
      tried();
      if (!isFirst) for (const channel of channels.keys()) tell(channel, '');
      await ended;
      return true;
    } catch (error) {
      log.debug({ err: error }, 'the listening connection could not be made');
      tried();
      return false;
    } finally {
      client = undefined;
    }
  };

  const run = async (tried: () => void): Promise<void> => {
    for (let failures = 0, lives = 0; !closing.signal.aborted; lives += 1) {
      failures = (await live(lives === 0, tried)) ? 0 : failures + 1;
      await pause(backoffMs(failures, firstDelayMs, mostDelayMs), closing.signal);
    }
  };

  const start = (): Promise<void> => {
    firstTry ??= new Promise((resolve) => {
      running = run(resolve);
    });
    return firstTry;
  };

  return {
    async listen(channel, heard) {
      const known = channels.get(channel) ?? new Set<Heard>();
      const isNew = known.size === 0;
      channels.set(channel, known.add(heard));
      await start();
      // Saying it twice is harmless; saying it never, because the connection came up meanwhile, is not.
      if (isNew) await command('listen', channel);
      return async () => {
        known.delete(heard);
        if (known.size > 0 || !channels.delete(channel)) return;
        await command('unlisten', channel);
      };
    },
    async close() {
      closing.abort();
      await client?.end();
      await running;
    },
  };
}
