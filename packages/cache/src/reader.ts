/** The reading half: memory, then the second tier, then one load for all who wait. */
import { AppError, type Clock, elapsedSeconds, type Log, type Metrics, withDeadline } from '@souk/kernel';
import { checkKey, checkTag } from './cache-key.ts';
import type { CacheLimits, CacheStats, KeepOptions, LoadOptions } from './cache-options.ts';
import type { Entry } from './entry.ts';
import type { Watch } from './invalidator.ts';
import { storedValue } from './json-value.ts';
import type { MemoryStore } from './memory-store.ts';
import type { SharedTier } from './shared-tier.ts';

export interface ReaderParts {
  namespace: string;
  limits: CacheLimits;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  random: () => number;
  memory: MemoryStore;
  shared: SharedTier | undefined;
  watches: Set<Watch>;
  loads_in_flight: Map<string, Flight>;
  stats: Pick<CacheStats, 'hits_memory' | 'hits_tier2' | 'loads' | 'load_failures' | 'stale_served' | 'invalidations'>;
}

export interface Flight {
  watch: Watch;
  entry: Promise<Entry>;
}

/** The fresh entry in memory, at once. */
export function freshInMemory(parts: ReaderParts, key: string): Entry | undefined {
  const entry = parts.memory.get(key);
  return entry !== undefined && parts.clock.now() < entry.fresh_until ? entry : undefined;
}

/** The fresh entry in either tier; undefined when there is none. */
export async function findEntry(parts: ReaderParts, key: string): Promise<Entry | undefined> {
  const fresh = freshInMemory(parts, key);
  if (fresh || !parts.shared) return counted(parts, fresh, 'hits_memory', 'memory');
  const watch: Watch = { key, tags: undefined, outdated: false };
  parts.watches.add(watch);
  try {
    const { entry } = await parts.shared.lookup(key, undefined);
    if (entry === undefined || parts.clock.now() >= entry.fresh_until) return counted(parts, undefined, 'hits_tier2', 'tier2');
    if (!watch.outdated) parts.memory.set(key, entry);
    return counted(parts, entry, 'hits_tier2', 'tier2');
  } finally {
    parts.watches.delete(watch);
  }
}

/** The fresh entry, loaded when it is nowhere; callers of one key share one load. */
export function entryOrLoad<T>(parts: ReaderParts, key: string, options: LoadOptions<T>): Promise<Entry> | Entry {
  const fresh = freshInMemory(parts, key);
  if (fresh) {
    parts.stats.hits_memory += 1;
    parts.metrics.count('souk_cache_lookups_total', { namespace: parts.namespace, outcome: 'memory' });
    return fresh;
  }
  const flight = parts.loads_in_flight.get(key);
  if (flight) return flight.entry;
  checkKey(key);
  options.tags?.forEach(checkTag);
  checkLifetime(parts.limits, options);
  return startFlight(parts, key, options);
}

/** Refuses a life the cache cannot guard; a mistake of the program. */
export function checkLifetime(limits: CacheLimits, options: KeepOptions): void {
  const lifetime_ms = options.ttl_ms + (options.stale_ms ?? 0);
  if (options.ttl_ms > 0 && (options.stale_ms ?? 0) >= 0 && lifetime_ms <= limits.lifetime_ms_max) return;
  throw new AppError(
    'cache_lifetime_invalid',
    `A cached value lives more than 0 and at most ${limits.lifetime_ms_max} ms, not ${lifetime_ms}.`,
  );
}

/** A new entry for a value that is true now. */
export function newEntry(parts: ReaderParts, value: unknown, options: KeepOptions): Entry {
  const { limits } = parts;
  const miss = value === undefined || value === null;
  const jitter = 1 - limits.ttl_jitter * parts.random();
  const ttl_ms = miss ? (options.miss_ttl_ms ?? Math.min(limits.miss_ttl_ms, options.ttl_ms)) : options.ttl_ms * jitter;
  const stored_at = parts.clock.now();
  const fresh_until = stored_at + ttl_ms;
  const stored = miss ? { value: undefined, text: 'null' } : storedValue(value);
  return {
    ...stored,
    miss,
    tags: options.tags ?? [],
    stored_at,
    fresh_until,
    stale_until: fresh_until + (miss ? 0 : (options.stale_ms ?? 0)),
  };
}

function startFlight<T>(parts: ReaderParts, key: string, options: LoadOptions<T>): Promise<Entry> {
  if (parts.watches.size >= parts.limits.loads_max) {
    const stale = usableStale(parts, parts.memory.get(key));
    if (stale) return Promise.resolve(stale);
    throw new AppError('overloaded', 'Too many values are being loaded; try again in a moment.', { loads_max: parts.limits.loads_max });
  }
  const watch: Watch = { key, tags: options.tags ?? [], outdated: false };
  parts.watches.add(watch);
  const entry = fly(parts, watch, options).finally(() => {
    parts.watches.delete(watch);
    if (parts.loads_in_flight.get(key)?.watch === watch) parts.loads_in_flight.delete(key);
  });
  parts.loads_in_flight.set(key, { watch, entry });
  return entry;
}

async function fly<T>(parts: ReaderParts, watch: Watch, options: LoadOptions<T>): Promise<Entry> {
  const { key } = watch;
  const found = parts.shared ? await parts.shared.lookup(key, options.tags ?? []) : {};
  if (found.entry && parts.clock.now() < found.entry.fresh_until) {
    if (!watch.outdated) parts.memory.set(key, found.entry);
    return counted(parts, found.entry, 'hits_tier2', 'tier2') as Entry;
  }
  const asked_at = parts.clock.now();
  let value: T;
  try {
    const late = (limit_ms: number): AppError => loadTooLong(key, limit_ms);
    value = await withDeadline(options.load, options.load_timeout_ms ?? parts.limits.load_timeout_ms, { late });
  } catch (error) {
    parts.stats.load_failures += 1;
    parts.metrics.count('souk_cache_lookups_total', { namespace: parts.namespace, outcome: 'load_failed' });
    return staleInstead(parts, watch, found.entry, error);
  }
  parts.metrics.observe('souk_cache_load_seconds', { namespace: parts.namespace }, elapsedSeconds(asked_at, parts.clock.now()));
  const entry = newEntry(parts, value, options);
  if (!watch.outdated && entry.fresh_until > entry.stored_at) {
    parts.memory.set(key, entry);
    // No caller waits for the second tier to have it; a failure is counted there.
    if (parts.shared && found.marks) void parts.shared.store(key, entry, found.marks);
  }
  return counted(parts, entry, 'loads', 'load') as Entry;
}

function loadTooLong(key: string, limit_ms: number): AppError {
  const resource = key.split(':').slice(0, 2).join(':');
  return new AppError('cache_load_timeout', `Loading ${resource} took longer than ${limit_ms} ms.`, { resource, limit_ms });
}

/** The source failed: a value past its time is better than none, unless it was invalidated meanwhile. */
function staleInstead(parts: ReaderParts, watch: Watch, sharedEntry: Entry | undefined, error: unknown): Entry {
  const candidates = watch.outdated ? [] : [parts.memory.get(watch.key), sharedEntry];
  const stale = candidates.map((entry) => usableStale(parts, entry)).reduce((best, entry) => newer(best, entry), undefined);
  if (!stale) throw error;
  parts.log.warn({ key: watch.key, err: error, stored_at: stale.stored_at }, 'a stale value is served because its source failed');
  parts.stats.stale_served += 1;
  parts.metrics.count('souk_cache_lookups_total', { namespace: parts.namespace, outcome: 'stale' });
  const rested_until = Math.min(parts.clock.now() + parts.limits.stale_retry_ms, stale.stale_until);
  parts.memory.set(watch.key, { ...stale, fresh_until: rested_until });
  return stale;
}

function usableStale(parts: ReaderParts, entry: Entry | undefined): Entry | undefined {
  return entry && parts.clock.now() < entry.stale_until ? entry : undefined;
}

function newer(left: Entry | undefined, right: Entry | undefined): Entry | undefined {
  if (!left || !right) return left ?? right;
  return right.stored_at > left.stored_at ? right : left;
}

function counted(
  parts: ReaderParts,
  entry: Entry | undefined,
  stat: 'hits_memory' | 'hits_tier2' | 'loads',
  outcome: string,
): Entry | undefined {
  if (entry) parts.stats[stat] += 1;
  parts.metrics.count('souk_cache_lookups_total', { namespace: parts.namespace, outcome: entry ? outcome : 'absent' });
  return entry;
}
