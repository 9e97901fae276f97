/**
 * One managed connection: opened again for ever with growing pauses; its users open its channels anew. Publishing and consuming have one each, because a broker short of memory or disk stops reading from
 * connections that publish, and acknowledgements must go on.
 */
import { addAbortListener } from 'node:events';
import { DeadlineExceeded, doneWithin, keepRunning, type Log, required } from '@souk/kernel';
import { type ChannelModel, connect } from 'amqplib';
import type { RabbitAddress } from './address.ts';

export interface ManagedConnection {
  /** Where it is connected, or is being connected. */
  address(): RabbitAddress;
  model(): ChannelModel | undefined;
  /** Why the broker takes nothing from this connection at the moment. */
  blocked(): string | undefined;
  close(): Promise<void>;
}

export interface ManagedConnectionOptions {
  role: 'publishing' | 'consuming';
  /** Nodes of one cluster: the first one that can be had, and after a failure the next. */
  addresses: readonly RabbitAddress[];
  log: Log;
  /** Makes channels; the connection counts as up when it resolves. A throw ends the connection and is tried again. */
  setup(model: ChannelModel): Promise<void>;
  /** The connection counts as up now. */
  up?(model: ChannelModel): void;
  /** The connection, with all of its channels, is gone. */
  lost(): void;
  /** The broker has stopped reading from this connection. */
  onBlocked?(reason: string): void;
}

const connectTimeoutMs = 10_000;
/** How long the queues of the platform may take to be declared. */
export const setupTimeoutMs = 30_000;
const closeTimeoutMs = 2_000;
const retryFirstMs = 100;
const retryMostMs = 5_000;

export function openManagedConnection(options: ManagedConnectionOptions): ManagedConnection {
  const { role, addresses, log } = options;
  const stopping = new AbortController();
  let current: ChannelModel | undefined;
  let blocked: string | undefined;
  let logged: string | undefined;
  let turn = 0;
  const address = (): RabbitAddress => required(addresses[turn % addresses.length], 'an address of RabbitMQ');

  /** Serves one connection from beginning to end; throws when it could not be made or set up. */
  const serve = async (): Promise<void> => {
    const model = await connect(address().url, {
      timeout: connectTimeoutMs,
      noDelay: true,
      clientProperties: { connection_name: `souk ${role}` },
    });
    // Everything that waits for an answer listens for its end.
    model.setMaxListeners(0);
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
    // Also for a stop that came while the connection was being made.
    const whenStopped = addAbortListener(stopping.signal, () => void forceClose(model));
    try {
      const isSetUp = await doneWithin(whileConnected(model, options.setup(model)), setupTimeoutMs, stopping.signal);
      if (!isSetUp) throw new DeadlineExceeded(`RabbitMQ was not set up within ${setupTimeoutMs} ms`);
      current = model;
      options.up?.(model);
      if (logged !== undefined) log.info({ role, broker: address().shown }, 'RabbitMQ connected again');
      logged = undefined;
      await closed;
      if (!stopping.signal.aborted) logFailure(cause ?? new Error('the connection was closed'));
    } finally {
      current = undefined;
      blocked = undefined;
      options.lost();
      whenStopped[Symbol.dispose]();
      await endQuietly(model.close());
    }
  };

  /** One line for each new cause, not one for each attempt. */
  const logFailure = (error: Error): void => {
    const said = explain(error);
    // Of several nodes the cause is another at each attempt, with the port in it.
    if (logged === said || (logged !== undefined && addresses.length > 1)) return;
    logged = said;
    log.warn({ role, broker: address().shown, cause: said }, 'RabbitMQ is not reachable; trying again');
  };

  const serveAndTurn = (): Promise<void> =>
    serve().finally(() => {
      turn += 1;
    });
  const running = keepRunning(serveAndTurn, {
    first_ms: retryFirstMs,
    most_ms: retryMostMs,
    signal: stopping.signal,
    failed: (error) => stopping.signal.aborted || logFailure(error as Error),
  });

  return {
    address,
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

/**
 * Settles as `work` does, and rejects when the connection ends before: the client never answers who closes a channel, or waits
 * for one, over a connection that ends at that moment.
 */
export function whileConnected<T>(model: ChannelModel, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const ended = (): void => reject(new Error('the connection ended before the answer'));
    model.once('close', ended);
    void work.then(resolve, reject).finally(() => model.off('close', ended));
  });
}

/** Closes a connection also when the broker does not answer; its owner opens a new one. */
export async function forceClose(model: ChannelModel): Promise<void> {
  await endQuietly(model.close());
  model.emit('close');
}

/** Closing what is closed already is refused by the client, and a broker that hangs does not answer: neither matters at an end. */
export async function endQuietly(closing: Promise<unknown>): Promise<void> {
  await doneWithin(closing, closeTimeoutMs).catch(() => undefined);
}
