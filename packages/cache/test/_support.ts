import { type ManualClock, manualClock, silentLog } from '@souk/kernel';
import { type Cache, type CacheOptions, createCache } from '../src/index.ts';

/** A cache on a clock that stands still, without jitter unless asked for. */
export function aCache(overrides: Partial<CacheOptions> = {}): { cache: Cache; clock: ManualClock } {
  const clock = manualClock();
  return { clock, cache: createCache({ namespace: 'test', clock, log: silentLog, ttl_jitter: 0, ...overrides }) };
}

/** A promise that is settled from outside. */
export function gate<T>(): { promise: Promise<T>; open: (value: T) => void; fail: (error: unknown) => void } {
  return (({ promise, resolve, reject }) => ({ promise, open: resolve, fail: reject }))(Promise.withResolvers<T>());
}

/** Lets everything that is ready run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits until `holds`, at most `limit_ms`; fails with what is still missed. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>, limit_ms = 3_000): Promise<void> {
  const end = performance.now() + limit_ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`still missing after ${limit_ms} ms: ${what}`);
    await turn();
  }
}
