/**
 * Read-through cache of two tiers. The promise: a call that starts after `invalidate` (or `set`, `delete`) was answered
 * never gets a value older than it, on the instance that invalidated; on others as soon as the bus has notified them. Nothing
 * a cache does may fail a caller whose source works: a tier or bus that is away costs hits, not answers.
 */
import { assert, silentMetrics } from '@souk/kernel';
import { checkKey, checkTag } from './cache-key.ts';
import {
  type Cached,
  type CachedEntry,
  type CacheOptions,
  type CacheStats,
  defaultLimits,
  type KeepOptions,
  type LoadOptions,
} from './cache-options.ts';
import { createInvalidator, type Invalidator } from './invalidator.ts';
import { createMemoryStore } from './memory-store.ts';
import { checkLifetime, entryOrLoad, findEntry, freshInMemory, newEntry, type ReaderParts } from './reader.ts';
import { createSharedTier, type SharedTier } from './shared-tier.ts';

export interface Cache {
  /** The cached value; undefined when there is none (or a miss is remembered). Does not load. */
  get<T>(key: string): Promise<T | undefined>;
  /** The fresh entry in the memory of this process, at once; for hot paths. */
  peek<T>(key: string): CachedEntry<T> | undefined;
  /** Puts a value the caller knows to be true now, in place of whatever any instance holds under the key. */
  set(key: string, value: unknown, options: KeepOptions): Promise<void>;
  /** Forgets one key on every instance. */
  delete(key: string): Promise<void>;
  /** Whether a value is cached; false for a remembered miss. */
  exists(key: string): Promise<boolean>;
  /**
   * The cached value, else what `load` answers, which is then kept. Many callers wait for one load. A miss (undefined or
   * null) is answered as undefined. Fails with what the load failed with, `cache_load_timeout` or `overloaded`, unless a
   * stale value can be served: `cache.getOrLoad(productKey(id), { ttl_ms: 60_000, stale_ms: 600_000, load: () => findProduct(db, id) })`.
   */
  getOrLoad<T>(key: string, options: LoadOptions<T>): Promise<Cached<T>>;
  /** The same with the JSON text beside the value, to be sent as it is. */
  getOrLoadEntry<T>(key: string, options: LoadOptions<T>): Promise<CachedEntry<Cached<T>>>;
  /** A function that answers like `fn`, through the cache; `keyOf` makes the key from the same arguments. */
  wrap<Args extends unknown[], T>(
    keyOf: (...args: Args) => string,
    options: KeepOptions,
    fn: (...args: Args) => Promise<T>,
  ): (...args: Args) => Promise<Cached<T>>;
  /** Forgets these keys, and all entries with one of these tags, on every instance. Call it after the commit. Never fails because a tier or bus is away. */
  invalidate(what: { keys?: readonly string[]; tags?: readonly string[] }): Promise<void>;
  /** Forgets everything of the namespace. */
  clear(): Promise<void>;
  stats(): CacheStats;
  /** Leaves the bus and stops telling. The tier and the bus belong to the caller and stay open. */
  close(): void;
}

/** A cache of one namespace; see `CacheOptions` for what it is given. */
export function createCache(options: CacheOptions): Cache {
  assert(/^[a-z][a-z0-9.-]{0,63}$/.test(options.namespace), 'a cache namespace is of lower-case letters, digits, points and hyphens');
  const parts = partsOf(options);
  const { shared } = parts;
  const invalidator = createInvalidator({
    namespace: options.namespace,
    memory: parts.memory,
    shared,
    bus: options.bus,
    watches: parts.watches,
    bus_timeout_ms: parts.limits.bus_timeout_ms,
    retry_ms: parts.limits.tier2_rest_ms,
    unpublished_names_max: parts.limits.unpublished_names_max,
    log: options.log,
    outdated(watch) {
      watch.outdated = true;
      if (parts.loads_in_flight.get(watch.key)?.watch === watch) parts.loads_in_flight.delete(watch.key);
    },
  });
  const forget = async (names: readonly string[]): Promise<void> => {
    parts.stats.invalidations += names.length;
    parts.metrics.count('souk_cache_invalidations_total', { namespace: options.namespace }, names.length);
    if (names.length > 0) await invalidator.invalidate(names);
  };
  const getOrLoad = async <T>(key: string, load: LoadOptions<T>): Promise<Cached<T>> =>
    (await entryOrLoad(parts, key, load)).value as Cached<T>;

  return {
    get: async <T>(key: string) => (await findEntry(parts, checked(key)))?.value as T | undefined,
    peek: <T>(key: string) => freshInMemory(parts, key) as CachedEntry<T> | undefined,
    set: (key, value, keep) => setValue(parts, invalidator, checked(key), value, keep),
    delete: (key) => forget([`key:${checked(key)}`]),
    exists: async (key) => (await findEntry(parts, checked(key)))?.miss === false,
    getOrLoad,
    getOrLoadEntry: async <T>(key: string, load: LoadOptions<T>) => (await entryOrLoad(parts, key, load)) as CachedEntry<Cached<T>>,
    wrap:
      (keyOf, keep, fn) =>
      (...args) =>
        getOrLoad(keyOf(...args), { ...keep, load: () => fn(...args) }),
    async invalidate({ keys = [], tags = [] }) {
      keys.forEach(checkKey);
      tags.forEach(checkTag);
      await forget([...keys.map((key) => `key:${key}`), ...tags.map((tag) => `tag:${tag}`)]);
    },
    clear: () => forget(['*']),
    stats: () => statsOf(parts, invalidator),
    close: () => invalidator.close(),
  };
}

function checked(key: string): string {
  checkKey(key);
  return key;
}

/** Invalidates, then stores: a load of the older value that is under way here or elsewhere cannot come out on top. */
async function setValue(parts: ReaderParts, invalidator: Invalidator, key: string, value: unknown, keep: KeepOptions): Promise<void> {
  keep.tags?.forEach(checkTag);
  checkLifetime(parts.limits, keep);
  const entry = newEntry(parts, value, keep);
  const found = await parts.shared?.lookup(key, entry.tags);
  const reported = invalidator.invalidate([`key:${key}`]);
  const watch = { key, tags: entry.tags, outdated: false };
  parts.watches.add(watch);
  parts.memory.set(key, entry);
  try {
    await reported;
    if (found?.marks && !watch.outdated) await parts.shared?.replace(key, entry, found.marks);
  } finally {
    parts.watches.delete(watch);
  }
}

/** Each is there at 0, so that the first failure is seen as one. */
const lookupOutcomes = ['memory', 'tier2', 'load', 'absent', 'stale', 'load_failed'] as const;

function partsOf(options: CacheOptions): ReaderParts {
  const limits = { ...defaultLimits, ...options };
  const { namespace, clock, log } = options;
  const metrics = options.metrics ?? silentMetrics;
  const memory = createMemoryStore(limits);
  metrics.gauge('souk_cache_entries', () => [{ labels: { namespace }, value: memory.size().entries }]);
  metrics.gauge('souk_cache_bytes', () => [{ labels: { namespace }, value: memory.size().bytes }]);
  for (const outcome of lookupOutcomes) metrics.count('souk_cache_lookups_total', { namespace, outcome }, 0);
  metrics.count('souk_cache_invalidations_total', { namespace }, 0);
  return {
    namespace,
    limits,
    clock,
    log,
    metrics,
    memory,
    random: options.random ?? Math.random,
    shared: sharedTierOf(options, limits.lifetime_ms_max + limits.load_timeout_ms + 60_000),
    watches: new Set(),
    loads_in_flight: new Map(),
    stats: { hits_memory: 0, hits_tier2: 0, loads: 0, load_failures: 0, stale_served: 0, invalidations: 0 },
  };
}

function sharedTierOf(options: CacheOptions, mark_ttl_ms: number): SharedTier | undefined {
  if (!options.tier2) return undefined;
  const { tier2: tier, metrics = silentMetrics } = options;
  return createSharedTier({ ...defaultLimits, ...options, tier, metrics, mark_ttl_ms });
}

function statsOf(parts: ReaderParts, invalidator: Invalidator): CacheStats {
  const { entries, bytes } = parts.memory.size();
  const tier2_away = parts.shared?.state().away ?? false;
  return { ...parts.stats, entries, bytes, loading: parts.watches.size, tier2_away, unpublished: invalidator.unpublished() };
}
