/**
 * The sliding window counter: two fixed windows, the one before weighted by how much of it the sliding window still
 * covers. It needs two numbers for each key and is exact enough: it assumes that the requests of the window before
 * were spread evenly. Refused requests are not counted, so a caller that waits as `Retry-After` says gets through.
 */

export interface Verdict {
  allowed: boolean;
  /** Requests left at this moment. */
  remaining: number;
  /** Until the whole quota is there again, if nothing is asked meanwhile (whole seconds). */
  reset_s: number;
  /** When refused: until one request is allowed (whole seconds, at least 1). */
  retry_after_s: number;
}

/** What was counted for a key within one window: `window` is the number of the fixed window since the epoch. */
export interface WindowCount {
  key: string;
  window: number;
  count: number;
}

export interface SlidingWindow {
  readonly quota: number;
  readonly window_ms: number;
  take(key: string, now_ms: number): Verdict;
  /** Counts what a request that was allowed has cost beyond one, even past the quota. Answers what is left then. */
  charge(key: string, more: number, now_ms: number): Verdict;
  /** What was counted here since the last call; empty unless counts are shared. */
  collect(): WindowCount[];
  /** Takes over what all gateways together have counted; what has been counted here meanwhile stays on top. */
  absorb(totals: readonly WindowCount[]): void;
  /** Keys held at the moment. */
  size(): number;
}

interface Counted {
  window: number;
  current: number;
  previous: number;
}

export interface SlidingWindowOptions {
  quota: number;
  window_ms: number;
  /** Most keys held; beyond it the one whose window began longest ago is forgotten. */
  keys_max: number;
  /** Keep account of what must be published to other gateways. */
  shared?: boolean;
}

/** Weighted counts are fractions: what differs by less is equal. */
const rounding = 1e-6;

export function createSlidingWindow({ quota, window_ms, keys_max, shared = false }: SlidingWindowOptions): SlidingWindow {
  const keys = new Map<string, Counted>();
  const unpublished = new Map<string, WindowCount>();

  const entryOf = (key: string, window: number): Counted => {
    const known = keys.get(key);
    if (known?.window === window) return known;
    // A new window moves the key to the end of the map: the front is what has been quiet longest.
    keys.delete(key);
    const oldest = keys.size >= keys_max ? keys.keys().next().value : undefined;
    if (oldest !== undefined) keys.delete(oldest);
    const entry = { window, current: 0, previous: known?.window === window - 1 ? known.current : 0 };
    keys.set(key, entry);
    return entry;
  };

  const passedOf = (window: number, now_ms: number): number => (now_ms - window * window_ms) / window_ms;
  const usedOf = (entry: Counted, passed: number): number => entry.previous * (1 - passed) + entry.current;
  const verdictOf = (entry: Counted, passed: number, allowed: boolean): Verdict => ({
    allowed,
    remaining: Math.max(0, Math.floor(quota - usedOf(entry, passed) + rounding)),
    reset_s: Math.ceil(((entry.current > 0 ? 2 : 1) - passed) * (window_ms / 1_000)),
    retry_after_s: allowed ? 0 : retryAfter(entry, passed, quota, window_ms),
  });

  const note = (key: string, window: number, count: number): void => {
    const entry = unpublished.get(key);
    if (entry?.window === window) entry.count += count;
    else unpublished.set(key, { key, window, count });
  };

  return {
    quota,
    window_ms,
    take(key, now_ms) {
      const window = Math.floor(now_ms / window_ms);
      const entry = entryOf(key, window);
      const passed = passedOf(window, now_ms);
      const allowed = usedOf(entry, passed) + 1 <= quota + rounding;
      if (allowed) {
        entry.current += 1;
        if (shared) note(key, window, 1);
      }
      return verdictOf(entry, passed, allowed);
    },
    charge(key, more, now_ms) {
      const window = Math.floor(now_ms / window_ms);
      const entry = entryOf(key, window);
      entry.current += more;
      if (shared) note(key, window, more);
      return verdictOf(entry, passedOf(window, now_ms), true);
    },
    collect() {
      const counts = [...unpublished.values()];
      unpublished.clear();
      return counts;
    },
    absorb(totals) {
      for (const { key, window, count } of totals) {
        const known = keys.get(key);
        if (known !== undefined && known.window > window) {
          // What others counted in the window before still weighs on this one.
          if (known.window === window + 1) known.previous = Math.max(known.previous, count);
          continue;
        }
        const entry = entryOf(key, window);
        const own = unpublished.get(key);
        entry.current = Math.max(entry.current, count + (own?.window === window ? own.count : 0));
      }
    },
    size: () => keys.size,
  };
}

/** Seconds until the weighted count leaves room for one more. */
function retryAfter(entry: Counted, passed: number, quota: number, window_ms: number): number {
  const inThisWindow = entry.current + 1 <= quota && entry.previous > 0;
  const windows = inThisWindow
    ? 1 - (quota - 1 - entry.current) / entry.previous - passed
    : 1 - passed + Math.max(0, 1 - (quota - 1) / entry.current);
  return Math.max(1, Math.ceil(windows * (window_ms / 1_000) - rounding));
}
