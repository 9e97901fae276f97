import { ErrorReply } from '@redis/client';
import { assert, type Log, type Metrics } from '@souk/kernel';
import type { RedisState } from './availability.ts';
import { type ConnectionLimits, openConnection } from './managed-connection.ts';
import { parseRedisUrl } from './redis-url.ts';
import { createReporters } from './reporters.ts';
import type { Script } from './script.ts';
import { type ChannelListener, createSubscriptions } from './subscriptions.ts';

export interface RedisOptions extends Partial<ConnectionLimits> {
  /** `redis[s]://[[user]:password@]host[:port][/database]`; one server or a proxy before several, no cluster. */
  url: string;
  log: Log;
}

/** How long a call outside of a hot path may take. */
export interface CallOptions {
  timeout_ms?: number;
}

/**
 * The one connection of a process to Redis, shared by everything that uses it. Calls fail with `redis_unavailable`: at
 * once while it is away, else after the time limit (then it is unknown whether the command was carried out).
 */
export interface Redis {
  /** Sends one command; commands of one turn of the event loop travel together and are carried out in order. */
  send<Reply>(args: readonly string[], options?: CallOptions): Promise<Reply>;
  /** Runs a script, sending its text only when the server does not know it. */
  run<Reply>(script: Script, keys: readonly string[], args: readonly string[], options?: CallOptions): Promise<Reply>;
  subscribe(channel: string, listener: ChannelListener): () => void;
  state(): RedisState;
  /** Names the run of the server: what must not outlive a restart of Redis has this in its key. Empty before the first connection. */
  epoch(): string;
  onState(changed: (state: RedisState) => void): () => void;
  /** From now on the connection reports to these metrics; several services may share it. */
  reportTo(metrics: Metrics): void;
  close(): void;
}

const defaultLimits: ConnectionLimits = {
  command_timeout_ms: 15,
  failures_max: 3,
  suspect_ms_max: 250,
  heartbeat_ms: 1_000,
  silence_ms_max: 3_000,
  connect_timeout_ms: 1_000,
  reconnect_first_ms: 50,
  reconnect_ms_max: 1_000,
};

/**
 * Begins to connect and returns at once: no start waits for Redis, and it heals by itself for ever. A wrong password or
 * address is one line in the log. Throws `config_invalid` for what is no Redis URL.
 */
export function openRedis({ url, log, ...limits }: RedisOptions): Redis {
  const settings = { ...defaultLimits, ...limits };
  assert(settings.heartbeat_ms < settings.silence_ms_max, 'the heartbeat of Redis comes before the longest silence');
  const reporters = createReporters();
  const connection = openConnection({ ...settings, address: parseRedisUrl(url), log, metrics: reporters });
  const subscriptions = createSubscriptions(connection, log);

  const send = <Reply>(args: readonly string[], { timeout_ms = settings.command_timeout_ms }: CallOptions = {}): Promise<Reply> =>
    connection.send<Reply>(args, timeout_ms);

  return {
    send,
    async run<Reply>({ text, sha }: Script, keys: readonly string[], args: readonly string[], options?: CallOptions): Promise<Reply> {
      const rest = [String(keys.length), ...keys, ...args];
      try {
        return await send<Reply>(['EVALSHA', sha, ...rest], options);
      } catch (error) {
        if (!(error instanceof ErrorReply && error.message.startsWith('NOSCRIPT'))) throw error;
        return send<Reply>(['EVAL', text, ...rest], options);
      }
    },
    subscribe: subscriptions.subscribe,
    state: connection.state,
    epoch: connection.epoch,
    onState: connection.onState,
    reportTo: reporters.join,
    close: connection.close,
  };
}
