import type { Clock } from '@souk/kernel';
import { LRUCache } from 'lru-cache';
import type { CacheTier } from './cache-tier.ts';

/** A second tier in this process, bounded by entries: for several caches of one process, and the yardstick of the conformance suite. */
export function memoryTier(options: { clock: Clock; entries_max: number }): CacheTier {
  const texts = new LRUCache<string, { value: string; ends_at: number }>({ max: options.entries_max });
  const read = (key: string): string | undefined => {
    const kept = texts.get(key);
    return kept && options.clock.now() < kept.ends_at ? kept.value : undefined;
  };
  return {
    get: async (keys) => keys.map(read),
    async set(items) {
      for (const { key, value, ttl_ms } of items) texts.set(key, { value, ends_at: options.clock.now() + ttl_ms });
    },
    async delete(keys) {
      return keys.filter((key) => {
        const present = read(key) !== undefined;
        texts.delete(key);
        return present;
      }).length;
    },
    exists: async (key) => read(key) !== undefined,
    close: async () => texts.clear(),
  };
}
