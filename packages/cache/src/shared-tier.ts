/**
 * The second tier made safe to use: limited waits, a breaker, and marks. Everything that can be invalidated has a mark in
 * the tier (a random text; absent until the first invalidation). An entry is stored with the marks its names had *before*
 * its value was loaded, and is believed only while they are still the same. So a value loaded before an invalidation can
 * be written after it by any instance, however late, and is still not served.
 */
import { randomBytes } from 'node:crypto';
import { type Clock, createCircuitBreaker, type Log, type Metrics, withDeadline } from '@souk/kernel';
import type { CacheTier, TierItem } from './cache-tier.ts';
import { decodeEntry, type Entry, encodeEntry, type Marks } from './entry.ts';
import { createPendingNames, everything, type PendingNames } from './pending-names.ts';

export interface SharedTierLimits {
  /** Longest wait for one call of the tier. */
  tier2_timeout_ms: number;
  /** Failures in a row after which the tier is left alone. */
  tier2_failures_max: number;
  /** How long it is left alone before one call tries it again. */
  tier2_rest_ms: number;
  /** Most invalidated names kept for a tier that is away; beyond it the whole namespace is invalidated when it is back. */
  unpublished_names_max: number;
  /** How long a mark lives: longer than any entry, so that no entry outlives the mark that refutes it. */
  mark_ttl_ms: number;
}

export interface SharedTierOptions extends SharedTierLimits {
  tier: CacheTier;
  namespace: string;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

export interface Lookup {
  entry?: Entry;
  /** The marks to store a value under that is loaded after this lookup; absent when the tier must not be written. */
  marks?: Marks;
}

export interface SharedTier {
  /**
   * What the tier holds for the key; nothing when it is away or has not got an invalidation yet. Without tags
   * those of the stored entry count, at the price of a second round trip. Never throws.
   */
  lookup(key: string, tags: readonly string[] | undefined): Promise<Lookup>;
  /** Writes an entry under the marks of the lookup that came before its load. Never throws. */
  store(key: string, entry: Entry, marks: Marks): Promise<void>;
  /**
   * Writes an entry that is true now under a new mark of its key, in one round trip; `marks` are those of a lookup before
   * the value was put. Never throws.
   */
  replace(key: string, entry: Entry, marks: Marks): Promise<void>;
  /** Changes the marks of these names; answers whether the tier has them. Never throws. */
  invalidate(names: readonly string[]): Promise<boolean>;
  /** Discards the tier for these names until this instance has published them to it too. */
  discard(names: readonly string[]): void;
  state(): { away: boolean; unpublished: number };
  close(): void;
}

/** The names a value stands under: everything, its key, its tags. */
function namesOf(key: string, tags: readonly string[]): string[] {
  return [everything, `key:${key}`, ...tags.map((tag) => `tag:${tag}`)];
}

export function createSharedTier(options: SharedTierOptions): SharedTier {
  const { tier, namespace, clock } = options;
  const guard = createGuard(options);
  const markKey = (name: string): string => `${namespace}:mark:${name}`;
  const entryKey = (key: string): string => `${namespace}:entry:${key}`;

  const unpublished: PendingNames = createPendingNames({
    whom: 'second tier',
    names_max: options.unpublished_names_max,
    retry_ms: options.tier2_rest_ms,
    log: options.log,
    publish: async (names) => {
      // One draw for all: a mark only has to differ from those its own name had before.
      const value = newMark();
      const items = names.map((name) => ({ key: markKey(name), value, ttl_ms: options.mark_ttl_ms }));
      await guard.call((signal) => tier.set(items, signal));
    },
  });

  const marksOf = (names: readonly string[], found: readonly (string | undefined)[]): Marks =>
    Object.fromEntries(names.map((name, index) => [name, found[index] ?? '']));

  const read = async (key: string, tags: readonly string[] | undefined): Promise<Lookup> => {
    const names = namesOf(key, tags ?? []);
    const [encoded, ...found] = await guard.call((signal) => tier.get([entryKey(key), ...names.map(markKey)], signal));
    const marks = marksOf(names, found);
    if (encoded === undefined) return { marks };
    const decoded = decodeEntry(encoded);
    if (decoded === undefined) {
      options.metrics.count('souk_cache_tier_failures_total', { namespace, kind: 'damaged' });
      return { marks };
    }
    const others = Object.keys(decoded.marks).filter((name) => !names.includes(name));
    // An entry that hangs on other tags than asked for was written by another version of the program.
    if (tags !== undefined && others.length > 0) return { marks };
    if (unpublished.includes(others)) return {};
    const known = others.length === 0 ? marks : { ...marks, ...(await readMarks(others)) };
    return Object.entries(known).every(([name, mark]) => decoded.marks[name] === mark) ? { entry: decoded.entry, marks } : { marks };
  };

  const readMarks = async (names: readonly string[]): Promise<Marks> =>
    marksOf(names, await guard.call((signal) => tier.get(names.map(markKey), signal)));

  const write = async (key: string, entry: Entry, marks: Marks, before: readonly TierItem[]): Promise<void> => {
    const ttl_ms = Math.ceil(entry.stale_until - clock.now());
    if (ttl_ms <= 0) return;
    try {
      const item = { key: entryKey(key), value: encodeEntry(entry, marks), ttl_ms };
      await guard.call((signal) => tier.set([...before, item], signal));
    } catch (error) {
      guard.note(error);
    }
  };

  return {
    async lookup(key, tags) {
      if (unpublished.includes(namesOf(key, tags ?? []))) return {};
      try {
        return await read(key, tags);
      } catch (error) {
        guard.note(error);
        return {};
      }
    },
    store: (key, entry, marks) => write(key, entry, marks, []),
    async replace(key, entry, marks) {
      const mark = newMark();
      const item = { key: markKey(`key:${key}`), value: mark, ttl_ms: options.mark_ttl_ms };
      if (!unpublished.includes(namesOf(key, entry.tags))) await write(key, entry, { ...marks, [`key:${key}`]: mark }, [item]);
    },
    invalidate: (names) => unpublished.publish(names),
    discard: (names) => unpublished.keep(names),
    state: () => ({ away: guard.away(), unpublished: unpublished.size() }),
    close: () => unpublished.close(),
  };
}

function newMark(): string {
  return randomBytes(9).toString('base64url');
}

interface Guard {
  call<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  note(error: unknown): void;
  away(): boolean;
}

/** The tier is left alone at the moment. */
class LeftAlone extends Error {
  override readonly name = 'LeftAlone';
}

function createGuard({ namespace, log, metrics, ...limits }: SharedTierOptions): Guard {
  const breaker = createCircuitBreaker({ failures_max: limits.tier2_failures_max, open_ms: limits.tier2_rest_ms });
  let reported = false;

  const failed = (admission: number): void => {
    const was = breaker.state();
    breaker.failed(admission, performance.now());
    // The first rest is often the only one: a busy moment, not worth a log line.
    if (was !== 'half_open' || reported) return;
    reported = true;
    log.warn({ namespace }, 'the second cache tier is away; going on with memory alone');
  };
  const succeeded = (admission: number): void => {
    breaker.succeeded(admission, performance.now());
    if (!reported || breaker.state() !== 'closed') return;
    reported = false;
    log.info({ namespace }, 'the second cache tier is back');
  };

  const away = (): boolean => breaker.state() !== 'closed';
  for (const kind of ['failed', 'left_alone', 'damaged']) metrics.count('souk_cache_tier_failures_total', { namespace, kind }, 0);
  metrics.gauge('souk_cache_tier_away', () => [{ labels: { namespace }, value: away() ? 1 : 0 }]);
  return {
    async call(work) {
      const admission = breaker.admit(performance.now());
      if (admission === undefined) throw new LeftAlone('the second tier is left alone');
      try {
        const outcome = await withDeadline(work, limits.tier2_timeout_ms);
        succeeded(admission);
        return outcome;
      } catch (error) {
        failed(admission);
        throw error;
      }
    },
    note(error) {
      const kind = error instanceof LeftAlone ? 'left_alone' : 'failed';
      metrics.count('souk_cache_tier_failures_total', { namespace, kind });
      if (kind === 'failed') log.debug({ namespace, err: error }, 'the second cache tier failed');
    },
    away,
  };
}
