import { keepRunning, type Log } from '@souk/kernel';
import pg from 'pg';

type OnNotification = (payload: string) => void;

export interface Listener {
  listen(channel: string, onNotification: OnNotification): Promise<() => Promise<void>>;
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
  const channels = new Map<string, Set<OnNotification>>();
  const closing = new AbortController();
  let client: pg.Client | undefined;
  let running: Promise<void> | undefined;
  let firstTry: Promise<void> | undefined;

  const notify = (channel: string, payload: string): void => {
    for (const onNotification of channels.get(channel) ?? []) {
      try {
        onNotification(payload);
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

  /** One life of the connection, from connecting to its end. Throws when it was never up. */
  const live = async (isFirst: boolean, tried: () => void): Promise<void> => {
    const fresh = new pg.Client({ connectionString: url, application_name, keepAlive: true, connectionTimeoutMillis: connectTimeoutMs });
    const ended = new Promise<void>((resolve) => fresh.once('end', () => resolve()));
    fresh.on('error', (error) => log.info({ err: error }, 'the listening connection was lost'));
    fresh.on('notification', (note) => notify(note.channel, note.payload ?? ''));
    try {
      await fresh.connect();
      client = fresh;
      await Promise.all([...channels.keys()].map((channel) => command('listen', channel)));
      if (closing.signal.aborted) await fresh.end();
      tried();
      if (!isFirst) for (const channel of channels.keys()) notify(channel, '');
      await ended;
    } finally {
      tried();
      client = undefined;
    }
  };

  const run = (tried: () => void): Promise<void> => {
    let lives = 0;
    return keepRunning(() => live(lives++ === 0, tried), {
      first_ms: firstDelayMs,
      most_ms: mostDelayMs,
      sound_after_ms: 0,
      signal: closing.signal,
      failed: (error) => log.debug({ err: error }, 'the listening connection could not be made'),
    });
  };

  const start = (): Promise<void> => {
    firstTry ??= new Promise((resolve) => {
      running = run(resolve);
    });
    return firstTry;
  };

  return {
    async listen(channel, onNotification) {
      const known = channels.get(channel) ?? new Set<OnNotification>();
      const isNew = known.size === 0;
      channels.set(channel, known.add(onNotification));
      await start();
      // A second LISTEN is harmless; none, because the connection came up meanwhile, is not.
      if (isNew) await command('listen', channel);
      return async () => {
        known.delete(onNotification);
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
