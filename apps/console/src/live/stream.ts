/**
 * The events of the shop, once for each browser: the tab that holds the lock has the stream and hands on to the others what it brings;
 * when it closes, the next takes over. With a stream each, the seventh tab would hang (HTTP/1.1 allows six connections).
 */
import { type ReadonlySignal, signal } from '@preact/signals';

export interface ShopEvent {
  readonly event_type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Live {
  /** Since when nothing is heard of the shop; undefined while all is well. */
  readonly lost_at_ms: ReadonlySignal<number | undefined>;
  /** Answers how to stop listening. An event of the type `gap` says that some may have been missed. */
  listen(hear: (event: ShopEvent) => void): () => void;
  /** Answers how to leave it. */
  open(): () => void;
}

export interface LiveOptions {
  address: string;
  now(): number;
}

const name = 'souk-console-live';
const reconnectMs = 5_000;
const eventTypes = [
  ...['order.created', 'order.confirmed', 'order.cancelled', 'order.shipped', 'order.completed'],
  ...['product.created', 'product.updated', 'product.archived'],
  ...['inventory.reserved', 'inventory.rejected', 'inventory.released', 'inventory.updated'],
];

type Message = { readonly event: ShopEvent } | { readonly lost_at_ms: number | undefined };

/** Nothing is heard before `open`. */
export function createLive({ address, now }: LiveOptions): Live {
  const lost_at_ms = signal<number | undefined>(undefined);
  const hearers = new Set<(event: ShopEvent) => void>();
  const take = (message: Message): void => {
    if ('event' in message) for (const hear of hearers) hear(message.event);
    else lost_at_ms.value = message.lost_at_ms;
  };
  return {
    lost_at_ms,
    listen(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    open() {
      const closing = new AbortController();
      const others = new BroadcastChannel(name);
      others.onmessage = ({ data }: MessageEvent<Message>) => take(data);
      const spread = (message: Message): void => {
        take(message);
        others.postMessage(message);
      };
      const hold = (): Promise<void> => {
        connect({ address, closing: closing.signal, spread, lost: () => lost_at_ms.value ?? now() });
        return new Promise((resolve) => closing.signal.addEventListener('abort', () => resolve()));
      };
      // Rejects when this tab is closed before it has had its turn.
      navigator.locks.request(name, { signal: closing.signal }, hold).catch(() => undefined);
      return () => {
        closing.abort();
        others.close();
      };
    },
  };
}

interface Connection {
  address: string;
  closing: AbortSignal;
  spread(message: Message): void;
  lost(): number;
}

function connect(connection: Connection): void {
  const { address, closing, spread, lost } = connection;
  if (closing.aborted) return;
  const source = new EventSource(address);
  source.onopen = () => spread({ lost_at_ms: undefined });
  source.onerror = () => {
    if (closing.aborted) return;
    spread({ lost_at_ms: lost() });
    // A browser tries again by itself after a broken connection, and never after a refusal.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => connect(connection), reconnectMs);
  };
  for (const type of eventTypes)
    source.addEventListener(type, ({ data }: MessageEvent<string>) => spread({ event: JSON.parse(data) as ShopEvent }));
  source.addEventListener('gap', () => spread({ event: { event_type: 'gap', payload: {} } }));
  closing.addEventListener('abort', () => source.close());
}
