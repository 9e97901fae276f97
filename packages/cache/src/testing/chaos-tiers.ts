import { setTimeout as later } from 'node:timers/promises';
import type { CacheTier } from '../cache-tier.ts';

/** How a tier behaves just now. */
export type Behaviour = 'well' | 'fail' | 'hang';

/** A tier whose behaviour a test changes while it is used. */
export interface ChaosTier extends CacheTier {
  behave(behaviour: Behaviour): void;
  /** How many calls reached this tier, well or not. */
  calls(): number;
}

/** Each call waits `before` first, which may throw or never end. */
function decorated(tier: CacheTier, before: () => Promise<void>): CacheTier {
  return {
    get: (keys, signal) => before().then(() => tier.get(keys, signal)),
    set: (items, signal) => before().then(() => tier.set(items, signal)),
    delete: (keys, signal) => before().then(() => tier.delete(keys, signal)),
    exists: (key, signal) => before().then(() => tier.exists(key, signal)),
    close: () => tier.close(),
  };
}

/** Every call takes `delay_ms` longer; the wait does not keep the process alive. */
export function slowTier(tier: CacheTier, delay_ms: number): CacheTier {
  return decorated(tier, () => later(delay_ms, undefined, { ref: false }));
}

/** Every call fails; with `share` below 1 only that share of them, as `random` decides. */
export function failingTier(tier: CacheTier, share = 1, random: () => number = Math.random): CacheTier {
  return decorated(tier, async () => {
    if (random() < share) throw new Error('the tier is set to fail');
  });
}

/** No call ever ends. */
export function hangingTier(tier: CacheTier): CacheTier {
  return decorated(tier, () => new Promise<never>(() => undefined));
}

/** Behaves well until it is set to do otherwise. */
export function switchableTier(tier: CacheTier): ChaosTier {
  let behaviour: Behaviour = 'well';
  let calls = 0;
  const chaotic = decorated(tier, async () => {
    calls += 1;
    if (behaviour === 'fail') throw new Error('the tier is set to fail');
    if (behaviour === 'hang') await new Promise<never>(() => undefined);
  });
  return {
    ...chaotic,
    behave(next) {
      behaviour = next;
    },
    calls: () => calls,
  };
}
