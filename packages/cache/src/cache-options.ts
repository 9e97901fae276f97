import type { Clock, Log, Metrics } from '@souk/kernel';
import type { CacheTier } from './cache-tier.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

/** The limits of one cache; each has a default. */
export interface CacheLimits {
  /** Most entries in memory. */
  entries_max: number;
  /** Most estimated bytes in memory. */
  bytes_max: number;
  /** Longest life an entry may ask for, fresh and stale together. */
  lifetime_ms_max: number;
  /** Longest wait for one load; then `cache_load_timeout`. */
  load_timeout_ms: number;
  /** Most loads under way at once; beyond it `overloaded`. */
  loads_max: number;
  /** How long a miss is remembered when a call does not say. */
  miss_ttl_ms: number;
  /** After a failed load with a stale value at hand: how long that is served before the source is asked again. */
  stale_retry_ms: number;
  /** Largest share of the TTL that is taken off at random, so that entries made together do not end together; 0 to 1. */
  ttl_jitter: number;
  /** Longest wait for one call of the second tier. */
  tier2_timeout_ms: number;
  /** Failures of the second tier in a row after which it is left alone. */
  tier2_failures_max: number;
  /** How long it is left alone, and how often unpublished invalidations are published again. */
  tier2_rest_ms: number;
  /** Longest wait for the bus within one invalidation. */
  bus_timeout_ms: number;
  /** Most invalidated names kept for a second tier or a bus that is away. */
  unpublished_names_max: number;
}

export const defaultLimits: CacheLimits = {
  entries_max: 10_000,
  bytes_max: 32 * 1024 * 1024,
  lifetime_ms_max: 86_400_000,
  load_timeout_ms: 5_000,
  loads_max: 1_000,
  miss_ttl_ms: 1_000,
  stale_retry_ms: 1_000,
  ttl_jitter: 0.1,
  tier2_timeout_ms: 15,
  tier2_failures_max: 3,
  tier2_rest_ms: 1_000,
  bus_timeout_ms: 50,
  unpublished_names_max: 10_000,
};

export interface CacheOptions extends Partial<CacheLimits> {
  /** Separates the caches that share a tier or a bus: lower-case words, digits, `-`, `.`. */
  namespace: string;
  clock: Clock;
  log: Log;
  metrics?: Metrics;
  tier2?: CacheTier;
  bus?: InvalidationBus;
  /** The randomness of the jitter; 0 to 1. */
  random?: () => number;
}

/** How long a value is good, and what it hangs on. */
export interface KeepOptions {
  /** How long the value is fresh, in milliseconds; shortened at random by at most the jitter. */
  ttl_ms: number;
  /** How long after that it may be served when the source fails; default 0, never. */
  stale_ms?: number;
  /** How long a miss (undefined or null) is remembered; 0: not at all. */
  miss_ttl_ms?: number;
  /** Names under which the entry can be invalidated together with others: `products:list`. */
  tags?: readonly string[];
}

export interface LoadOptions<T> extends KeepOptions {
  /** Asks the source; undefined or null means "there is none". The signal is aborted when no caller waits any longer. */
  load(signal: AbortSignal): Promise<T>;
  /** Longest wait for this load; default the cache's. */
  load_timeout_ms?: number;
}

/** What a load's result looks like from the cache: JSON, and undefined for a miss. */
export type Cached<T> = T extends null | undefined ? undefined : T;

/** A value with its JSON text, which an HTTP handler can send as it is. */
export interface CachedEntry<T = unknown> {
  /** Deeply frozen; undefined for a remembered miss. */
  readonly value: T;
  /** JSON; `null` for a remembered miss. */
  readonly text: string;
  /** Epoch milliseconds. */
  readonly stored_at: number;
}

export interface CacheStats {
  hits_memory: number;
  hits_tier2: number;
  loads: number;
  load_failures: number;
  stale_served: number;
  invalidations: number;
  entries: number;
  bytes: number;
  loading: number;
  tier2_away: boolean;
  unpublished: number;
}
