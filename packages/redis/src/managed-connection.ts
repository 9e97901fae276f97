/**
 * One connection with a breaker. While Redis is away every call fails at once; whether it is back is found out here, by
 * reconnecting or by one PING that waits for its reply, and never by a caller. So a dead or hanging Redis costs a caller
 * at most one wait of `command_timeout_ms`, `failures_max` times in a row, and then nothing. It counts as away, for
 * everybody to see, only when that PING is not answered either: on a machine with no time to spare the best of servers
 * is late now and then.
 */
import { ErrorReply } from '@redis/client';
import { AppError, DeadlineExceeded, type Log, type Metrics, withDeadline } from '@souk/kernel';
import { createAvailability, type RedisState } from './availability.ts';
import { type Client, type ClientLimits, isPassing, makeClient, runWhenServing } from './client.ts';
import { createFailureDetector } from './failure-detector.ts';
import type { RedisAddress } from './redis-url.ts';

export interface ConnectionLimits extends ClientLimits {
  /** Longest wait for one reply, where a call does not say more. */
  command_timeout_ms: number;
  /** Replies missed in a row after which no call waits for Redis until it has answered a PING. */
  failures_max: number;
  /** How long it may take for that PING before Redis counts as away. */
  suspect_ms_max: number;
  /** How often an idle connection is tried. */
  heartbeat_ms: number;
}

export interface ConnectionOptions extends ConnectionLimits {
  address: RedisAddress;
  log: Log;
  metrics: Metrics;
}

export interface ManagedConnection {
  readonly client: Client;
  send<Reply>(args: readonly string[], limit_ms: number): Promise<Reply>;
  state(): RedisState;
  /** Names the run of the server that is connected; another after every restart. */
  epoch(): string;
  /** Calls back at each change between ready and away. */
  onState(changed: (state: RedisState) => void): () => void;
  close(): void;
}

/** Begins to connect and returns at once. */
export function openConnection(options: ConnectionOptions): ManagedConnection {
  const { log, metrics, command_timeout_ms } = options;
  const client = makeClient(options);
  const availability = createAvailability({ log, metrics, shown: options.address.shown });
  const detector = createFailureDetector({ ...options, begun: () => void probe(), lost: () => availability.gone('it does not reply') });
  let epoch = '';
  /** Grows with every event that makes a probe under way meaningless. */
  let generation = 0;

  const missed = (error: unknown): void => log.debug({ err: error }, 'Redis did not answer');

  const probe = async (): Promise<void> => {
    generation += 1;
    const mine = generation;
    try {
      const run = await runWhenServing(client, options.reconnect_ms_max, availability.gone, () => mine !== generation);
      if (run === undefined) return;
      epoch = run;
      detector.end();
      availability.back();
    } catch (error) {
      // A lost connection reports itself, and when it is back the next probe begins.
      missed(error);
    }
  };

  const lose = (reason: string): void => {
    if (availability.state() !== 'ready') return;
    detector.end();
    availability.gone(reason);
    void probe();
  };

  const failureOf = (error: unknown): Error => {
    if (error instanceof ErrorReply && !isPassing(error)) {
      detector.answered();
      return error;
    }
    if (isPassing(error)) lose(error.message);
    if (error instanceof DeadlineExceeded && availability.state() === 'ready') detector.missed();
    const kind = error instanceof DeadlineExceeded ? 'no_reply' : 'lost';
    metrics.count('souk_redis_failures_total', { kind });
    return unavailable(kind, error);
  };

  const send = async <Reply>(args: readonly string[], limit_ms: number): Promise<Reply> => {
    if (availability.state() !== 'ready' || detector.holds()) throw unavailable('away');
    try {
      // The client's own time limit ends when a command is written, which is when a hanging server begins to matter.
      const reply = await withDeadline(client.sendCommand<Reply>(args as string[]), limit_ms, { forgive_stall: true });
      detector.answered();
      return reply;
    } catch (error) {
      throw failureOf(error);
    }
  };

  client.on('ready', () => void probe());
  client.on('error', (error: unknown) => {
    generation += 1;
    detector.end();
    availability.gone(reasonOf(error), error instanceof ErrorReply);
  });
  // The listener above gets the failures of single attempts; this one ends only with `close`.
  client.connect().catch(missed);
  const heartbeat = setInterval(() => {
    if (availability.state() === 'ready') send(['PING'], command_timeout_ms).catch(missed);
  }, options.heartbeat_ms).unref();

  return {
    client,
    send,
    state: availability.state,
    epoch: () => epoch,
    onState: availability.onState,
    close() {
      generation += 1;
      clearInterval(heartbeat);
      detector.end();
      availability.close();
      client.destroy();
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  return code ?? (error.message || error.name);
}

function unavailable(kind: string, cause?: unknown): AppError {
  return new AppError('redis_unavailable', 'Redis does not answer at the moment.', { kind }, cause);
}
