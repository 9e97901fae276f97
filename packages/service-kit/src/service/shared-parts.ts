/** What the processes of a platform share beside the broker: where `REDIS_URL` is set, the second tier of their caches. */
import type { Log } from '@souk/kernel';
import type { Overrides } from './context.ts';

export interface SharedParts {
  overrides: Pick<Overrides, 'cache_tier' | 'cache_bus' | 'redis' | 'reportTo'>;
  close(): void;
}

/** Nothing is connected yet when it resolves: a Redis that is away costs hits, not the start. The client is loaded only where it is used. */
export async function openSharedParts(
  { redis_url, installation }: { redis_url?: string | undefined; installation?: string },
  log: Log,
): Promise<SharedParts> {
  if (redis_url === undefined) return { overrides: {}, close: () => undefined };
  const { openRedis, redisCacheTier, redisInvalidationBus } = await import('@souk/redis');
  const redis = openRedis({ url: redis_url, log });
  const apart = installation === undefined ? {} : { prefix: installation };
  const overrides = {
    cache_tier: redisCacheTier(redis, apart),
    cache_bus: redisInvalidationBus(redis, { ...apart, log }),
    redis: { state: redis.state },
    reportTo: redis.reportTo,
  };
  return { overrides, close: () => redis.close() };
}
