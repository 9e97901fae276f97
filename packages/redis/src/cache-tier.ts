import type { CacheTier } from '@souk/cache';
import type { Redis } from './redis.ts';

export interface RedisCacheTierOptions {
  /** Separates installations that share one Redis; default `souk`. */
  prefix?: string;
}

/**
 * The second tier of caches. Its keys hold the run of the server: a Redis that comes back with an older state must not
 * bring back values whose invalidation it has forgotten. So a restart costs all hits, and what is left ends by itself.
 * Set `maxmemory-policy volatile-ttl`: marks live longer than entries and must be the last to go.
 */
export function redisCacheTier(redis: Redis, { prefix = 'souk' }: RedisCacheTierOptions = {}): CacheTier {
  const at = (key: string): string => `${prefix}:cache:${redis.epoch()}:${key}`;
  return {
    async get(keys, signal) {
      signal?.throwIfAborted();
      if (keys.length === 0) return [];
      const texts = await redis.send<(string | null)[]>(['MGET', ...keys.map(at)]);
      return texts.map((text) => text ?? undefined);
    },
    async set(items, signal) {
      signal?.throwIfAborted();
      // Sent together in this order: what a mark refutes is never seen without the mark.
      await Promise.all(
        items.map(({ key, value, ttl_ms }) => redis.send(['SET', at(key), value, 'PX', String(Math.max(1, Math.ceil(ttl_ms)))])),
      );
    },
    async delete(keys, signal) {
      signal?.throwIfAborted();
      return keys.length === 0 ? 0 : redis.send<number>(['UNLINK', ...keys.map(at)]);
    },
    async exists(key, signal) {
      signal?.throwIfAborted();
      return (await redis.send<number>(['EXISTS', at(key)])) === 1;
    },
    // The connection belongs to the process, not to one cache.
    close: async () => undefined,
  };
}
