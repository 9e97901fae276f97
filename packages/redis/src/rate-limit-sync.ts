/**
 * Shares what several gateways count. Each counts locally and decides alone; in short intervals it adds what it has
 * counted to the totals in Redis and learns them. So no request waits for Redis, and within one interval the gateways
 * together let through at most one quota for each of them: the overshoot is (gateways − 1) × quota in the worst case,
 * and what arrives within one interval in the ordinary one. Windows follow each gateway's own clock.
 */
import type { Log } from '@souk/kernel';
import { createFailureReporter } from './failure-reporter.ts';
import type { Redis } from './redis.ts';
import { defineScript } from './script.ts';

/** What was counted for a key within one fixed window; `window` is its number since the epoch. */
export interface SharedCount {
  key: string;
  window: number;
  count: number;
}

export interface RateLimitSynchroniser {
  /**
   * Adds these counts; answers what all gateways together have counted for these keys, in the window before and in this
   * one. Never fails: while Redis is away nothing is answered, and what was counted is sent when it is back.
   */
  exchange(limit: string, counts: readonly SharedCount[]): Promise<readonly SharedCount[]>;
}

export interface RedisRateLimitSyncOptions {
  /** Length of one window; default one minute. */
  window_ms?: number;
  /** Separates installations that share one Redis; default `souk`. */
  prefix?: string;
  /** Longest wait for one exchange; default 100 ms, since no request waits for it. */
  timeout_ms?: number;
  /** Most keys of one call of Redis, which does nothing else meanwhile; default 500. */
  batch_max?: number;
  /** Most counts kept for a Redis that is away; beyond it the oldest are forgotten. Default 100,000. */
  unsent_max?: number;
  log: Log;
}

const add = defineScript(`
local totals = {}
for i = 1, #KEYS, 2 do
  local added = tonumber(ARGV[(i + 3) / 2])
  local total = redis.call('INCRBY', KEYS[i], added)
  if total == added then redis.call('PEXPIRE', KEYS[i], ARGV[1]) end
  totals[i] = total
  totals[i + 1] = tonumber(redis.call('GET', KEYS[i + 1]) or '0')
end
return totals`);

/** The exchange of counts through Redis, in one call for up to `batch_max` keys; counts end two windows after they began. Throws nothing. */
export function redisRateLimitSync(redis: Redis, options: RedisRateLimitSyncOptions): RateLimitSynchroniser {
  const { window_ms = 60_000, prefix = 'souk', timeout_ms = 100, batch_max = 500, unsent_max = 100_000, log } = options;
  const reporter = createFailureReporter(log, 'counts of rate limits were not exchanged; this gateway counts alone');
  const unpublished = new Map<string, Map<string, SharedCount>>();

  const send = async (limit: string, counts: readonly SharedCount[]): Promise<SharedCount[]> => {
    const at = (key: string, window: number): string => `${prefix}:rate:${limit}:${window}:${key}`;
    const keys = counts.flatMap(({ key, window }) => [at(key, window), at(key, window - 1)]);
    const args = [String(2 * window_ms + timeout_ms), ...counts.map(({ count }) => String(count))];
    const totals = await redis.run<number[]>(add, keys, args, { timeout_ms });
    return counts.flatMap(({ key, window }, index) => {
      const [now = 0, before = 0] = totals.slice(2 * index, 2 * index + 2);
      return [...(before > 0 ? [{ key, window: window - 1, count: before }] : []), { key, window, count: now }];
    });
  };

  const takeUnsent = (limit: string, counts: readonly SharedCount[]): SharedCount[] => {
    const kept = unpublished.get(limit);
    unpublished.delete(limit);
    if (kept === undefined) return [...counts];
    keep(kept, counts, unsent_max);
    const newest = Math.max(...counts.map(({ window }) => window));
    return [...kept.values()].filter(({ window }) => window >= newest - 1);
  };

  return {
    async exchange(limit, counts) {
      if (counts.length === 0) return [];
      const totals: SharedCount[] = [];
      let rest = takeUnsent(limit, counts);
      while (rest.length > 0) {
        const batch = rest.slice(0, batch_max);
        const sent = redis.state() === 'ready';
        try {
          totals.push(...(await send(limit, batch)));
          rest = rest.slice(batch.length);
          reporter.worked();
        } catch (error) {
          // What was sent may have been added: sent twice it would lock callers out, so it is sent at most once.
          const kept = new Map<string, SharedCount>();
          keep(kept, sent ? rest.slice(batch.length) : rest, unsent_max);
          unpublished.set(limit, kept);
          reporter.failed(error);
          return totals;
        }
      }
      return totals;
    },
  };
}

function keep(kept: Map<string, SharedCount>, counts: readonly SharedCount[], counts_max: number): void {
  for (const { key, window, count } of counts) {
    const name = `${window}:${key}`;
    kept.set(name, { key, window, count: count + (kept.get(name)?.count ?? 0) });
    const oldest = kept.size > counts_max ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
  }
}
