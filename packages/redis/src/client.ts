import { createClient, ErrorReply } from '@redis/client';
import { backoffMs, pause } from '@souk/kernel';
import type { RedisAddress } from './redis-url.ts';

export type Client = ReturnType<typeof makeClient>;

export interface ClientLimits {
  /** Longest silence of a connection before it is closed and made anew. */
  silence_ms_max: number;
  /** Longest wait for a connection. */
  connect_timeout_ms: number;
  /** First and longest pause between two attempts to connect. */
  reconnect_first_ms: number;
  reconnect_ms_max: number;
}

/** Most commands that wait in this process, written or not; reached only when Redis stops reading before the breaker has seen it. */
const commandsQueueMax = 20_000;
const notYetPauseMs = 50;
/** Replies that mean "later": the server is there and cannot serve. */
const passingReply = /^(LOADING|BUSY|MASTERDOWN|TRYAGAIN|CLUSTERDOWN)\b/;

/** A client that is not connected yet. It fails at once while it has no connection, and never stops trying to get one. */
export function makeClient({ address, ...limits }: ClientLimits & { address: RedisAddress }) {
  return createClient({
    RESP: 3,
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password !== undefined && { password: address.password }),
    database: address.database,
    name: 'souk',
    disableOfflineQueue: true,
    commandsQueueMaxLength: commandsQueueMax,
    maintNotifications: 'disabled',
    // The client's own limit ends when a command is written; ours is that of `send` in managed-connection.ts.
    commandOptions: { timeout: 0 },
    socket: {
      host: address.host,
      port: address.port,
      ...(address.tls && { tls: true as const }),
      connectTimeout: limits.connect_timeout_ms,
      socketTimeout: limits.silence_ms_max,
      reconnectStrategy: (attempt: number) => backoffMs(attempt, limits.reconnect_first_ms, limits.reconnect_ms_max),
    },
  });
}

export function isPassing(error: unknown): error is ErrorReply {
  return error instanceof ErrorReply && passingReply.test(error.message);
}

/**
 * A short name of the run of the server, as soon as it serves us; undefined when `isOutdated` by then. `report` gets the reason why it\n * does not yet, and whether that is a refusal. Fails when the connection is lost.
 */
export async function runWhenServing(
  client: Client,
  refused_pause_ms: number,
  report: (reason: string, refused: boolean) => void,
  isOutdated: () => boolean,
): Promise<string | undefined> {
  for (;;) {
    try {
      await client.sendCommand(['PING']);
      const about = await client.sendCommand<string>(['INFO', 'server']);
      return isOutdated() ? undefined : (/^run_id:(\w{8})/m.exec(about)?.[1] ?? 'unknown');
    } catch (error) {
      if (!(error instanceof ErrorReply)) throw error;
      if (isOutdated()) return undefined;
      report(error.message, !isPassing(error));
      await pause(isPassing(error) ? notYetPauseMs : refused_pause_ms);
    }
  }
}
