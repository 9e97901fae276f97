/** Live updates, put together: the broadcasts that wake, the reads that answer, and the connections that are held open. */
import { type AnyEvent, type Availability, type HistoryPart, historiesMax, stockLevelsMax } from '@souk/contracts';
import { type Log, type Metrics, pause } from '@souk/kernel';
import type { Broadcast, BroadcastSubscribers } from '../clients/broadcast-subscribers.ts';
import { createHistoryReader, createStockReader } from '../clients/live-readers.ts';
import type { ServiceClient } from '../clients/service-client.ts';
import { eventIn, linesSince, type ReadParts, stockSince } from '../domain/live.ts';
import { createOpenStreams, type OpenStreams } from './open-streams.ts';
import { SourceWatch, type SourceWatchOptions } from './source-watch.ts';

export interface Live {
  readonly orders: SourceWatch<HistoryPart>;
  readonly stock: SourceWatch<Availability>;
  readonly streams: OpenStreams;
  close(): void;
}

export interface LiveOptions {
  service_client: ServiceClient;
  /** What this service takes from other services. */
  tokenOf(service: string): string;
  broadcast_subscribers: BroadcastSubscribers;
  streams_max: number;
  caller_streams_max: number;
  log: Log;
  metrics: Metrics;
}

/** A change of which no broadcast came is seen within this time. */
const sweepMs = 3_000;

export function openLive(options: LiveOptions): Live {
  const { service_client, tokenOf } = options;
  const orders = openWatch<HistoryPart>(options, {
    routing: 'order.',
    keyOf: ({ order_id }) => order_id,
    read: createHistoryReader({ service_client, token: tokenOf('orders') }),
    keys_max: historiesMax,
    since: linesSince,
    hasMore: ({ has_more }) => has_more,
  });
  const stock = openWatch<Availability>(options, {
    routing: 'inventory.',
    keyOf: ({ product_id }) => product_id,
    read: createStockReader({ service_client, token: tokenOf('inventory') }),
    keys_max: stockLevelsMax,
    since: stockSince,
    hasMore: () => false,
  });
  const streams = createOpenStreams({ ...options, pause });
  const close = (): void => {
    orders.close();
    stock.close();
  };
  return { orders, stock, streams, close };
}

interface Watchable<Part> extends Pick<SourceWatchOptions<Part>, 'keys_max' | 'since' | 'hasMore'> {
  /** How the routing keys of its broadcasts begin. */
  routing: string;
  /** What has changed, by the event of a broadcast. */
  keyOf(event: AnyEvent): unknown;
  read: ReadParts<Part>;
}

function openWatch<Part>({ broadcast_subscribers, metrics, log }: LiveOptions, of: Watchable<Part>): SourceWatch<Part> {
  const wake = (broadcast: Broadcast): void => {
    const key = broadcast.routing_key.startsWith(of.routing) ? of.keyOf(eventIn(broadcast)) : undefined;
    if (typeof key === 'string') watch.changed(key);
  };
  const watch = new SourceWatch<Part>({
    ...of,
    read: async (questions) => {
      try {
        const parts = await of.read(questions);
        metrics.count('souk_gateway_live_reads_total', { outcome: 'answered' });
        return parts;
      } catch (error) {
        metrics.count('souk_gateway_live_reads_total', { outcome: 'failed' });
        log.debug({ err: error }, 'what is new for live updates could not be read');
        throw error;
      }
    },
    sweep_ms: sweepMs,
    now: () => performance.now(),
    watched: (isWatched) => (isWatched ? broadcast_subscribers.add(wake, () => watch.missed()) : broadcast_subscribers.delete(wake)),
  });
  return watch;
}
