/** What waits in the queues, asked of the broker rarely and once for all services that share a connection. */
import { queues } from '@souk/contracts';
import { createSampled, type Sampled } from '@souk/kernel';

export interface QueueStats {
  queue: string;
  /** Counted up to 100,000. */
  ready: number;
  /** So many of those that count as ready are being handled in this process. */
  in_hand: number;
  delayed: number;
  /** Age of the oldest ready message in seconds. */
  oldest_age_s: number;
}

export type ByQueue = ReadonlyMap<string, QueueStats>;

export interface QueueSamples {
  /** These queues are there: from now on they are among those that `watched` asks for. */
  watch(names: readonly string[]): void;
  /** For scrapes; undefined until a queue is watched. */
  watched(): Sampled<ByQueue> | undefined;
  /** Of all queues of the platform, at most a second old. */
  recent(): Promise<QueueStats[]>;
}

const recentMs = 1_000;

/** Samples over the broker's own counting; nothing is asked before the first read. */
export function createQueueSamples(ask: (names: readonly string[]) => Promise<QueueStats[]>): QueueSamples {
  const wanted = new Set<string>();
  const sampled = createSampled({ ask: async (): Promise<ByQueue> => new Map((await ask([...wanted])).map((row) => [row.queue, row])) });
  let last: { stats: Promise<QueueStats[]>; until_ms: number } | undefined;
  return {
    watch(names) {
      for (const name of names) wanted.add(name);
    },
    watched: () => (wanted.size > 0 ? sampled : undefined),
    recent() {
      const now_ms = performance.now();
      if (last === undefined || now_ms >= last.until_ms) last = { stats: ask(Object.keys(queues)), until_ms: now_ms + recentMs };
      return last.stats;
    },
  };
}
