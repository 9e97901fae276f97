/**
 * One connection that is always being kept: made again for ever with growing pauses, its channels made anew by whoever
 * uses it. Publishing and consuming have one each, because a broker short of memory or disk stops reading from
 * connections that publish, and acknowledgements must go on.
 */
import { backoffMs, type Log, pause } from '@souk/kernel';
import { type ChannelModel, connect } from 'amqplib';
import type { RabbitAddress } from './address.ts';

export interface Link {
  model(): ChannelModel | undefined;
  /** Why the broker takes nothing from this connection at the moment. */
  blocked(): string | undefined;
  close(): Promise<void>;
}

export interface LinkOptions {
  role: 'publishing' | 'consuming';
  address: RabbitAddress;
  log: Log;
  /** Makes channels; the link counts as up when it resolves. A throw ends the connection and is tried again. */
  setup(model: ChannelModel): Promise<void>;
  /** The link counts as up now. */
  up?(model: ChannelModel): void;
  /** The connection, with all of its channels, is gone. */
  lost(): void;
  /** The broker has stopped reading from this connection. */
  onBlocked?(reason: string): void;
}

const connectTimeoutMs = 10_000;
const setupTimeoutMs = 30_000;
const closeTimeoutMs = 2_000;
const retryFirstMs = 100;
const retryMostMs = 5_000;

export function keepLink(options: LinkOptions): Link {
  const { role, address, log } = options;
  const stopping = new AbortController();
  let current: ChannelModel | undefined;
  let blocked: string | undefined;
  let told: string | undefined;

  /** Serves one connection from beginning to end; throws when it could not be made or set up. */
  const serve = async (): Promise<void> => {
    const model = await connect(address.url, {
      timeout: connectTimeoutMs,
      noDelay: true,
      clientProperties: { connection_name: `souk ${role}` },
    });
    let cause: Error | undefined;
    const closed = new Promise<void>((resolve) => model.once('close', () => resolve()));
    model.on('error', (error) => {
      cause = error;
    });
    model.on('blocked', (reason) => {
      blocked = reason;
      log.warn({ role, reason }, 'RabbitMQ takes no messages at the moment');
      options.onBlocked?.(reason);
    });
    model.on('unblocked', () => {
      blocked = undefined;
      log.info({ role }, 'RabbitMQ takes messages again');
    });
    stopping.signal.addEventListener('abort', () => void endQuietly(model), { once: true });
    try {
      await withLimit(options.setup(model), setupTimeoutMs);
      current = model;
      options.up?.(model);
      if (told !== undefined) log.info({ role, broker: address.shown }, 'RabbitMQ is there again');
      told = undefined;
      await closed;
      if (!stopping.signal.aborted) tell(cause ?? new Error('the connection was closed'));
    } finally {
      current = undefined;
      blocked = undefined;
      options.lost();
      await endQuietly(model);
    }
  };

  /** One line for each new cause, not one for each attempt. */
  const tell = (error: Error): void => {
    const said = explain(error);
    if (told === said) return;
    told = said;
    log.warn({ role, broker: address.shown, cause: said }, 'RabbitMQ is not reachable; trying again');
  };

  const run = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      const started = performance.now();
      try {
        await serve();
        failures = performance.now() - started > retryMostMs ? 0 : failures;
      } catch (error) {
        if (!stopping.signal.aborted) tell(error as Error);
      }
      await pause(backoffMs(failures, retryFirstMs, retryMostMs), stopping.signal);
    }
  };
  const running = run();

  return {
    model: () => current,
    blocked: () => blocked,
    async close() {
      stopping.abort();
      await running;
    },
  };
}

/** What is wrong, for a person: no address (a password is in it), no stack. */
function explain(error: Error & { code?: string | number }): string {
  const text = error.message || String(error.code ?? error);
  if (text.includes('ACCESS-REFUSED') || text.includes('ACCESS_REFUSED'))
    return `user name or password is wrong, or not allowed here (${text})`;
  // The client does not read why the broker closes at this moment: there is no other reason than the virtual host.
  if (text.includes('NOT_ALLOWED') || text.includes('Expected ConnectionOpenOk'))
    return `the virtual host does not exist or is not open to this user (${text})`;
  return text;
}

/** The answer, or an error when it does not come in time. */
export async function withLimit<T>(work: Promise<T>, limit_ms: number): Promise<T> {
  const ended = new AbortController();
  try {
    return await Promise.race([
      work,
      pause(limit_ms, ended.signal).then(() => {
        throw new Error(`RabbitMQ did not answer within ${limit_ms} ms`);
      }),
    ]);
  } finally {
    ended.abort();
    work.catch(() => undefined);
  }
}

/** Ends a connection also when the broker does not answer: whoever keeps it makes a new one. */
export async function giveUp(model: ChannelModel): Promise<void> {
  await endQuietly(model);
  model.emit('close');
}

/** Closing what is closed already is refused by the client, and a broker that hangs does not answer: neither matters here. */
async function endQuietly(model: ChannelModel): Promise<void> {
  const limit = new AbortController();
  await Promise.race([model.close().catch(() => undefined), pause(closeTimeoutMs, limit.signal)]);
  limit.abort();
}
