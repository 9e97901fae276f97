/** What several gateways share where `REDIS_URL` is set: the registry and the counts of the rate limits. */
import { type Log, systemClock } from '@souk/kernel';
import type { GatewayConfig } from '../config.ts';
import type { GatewayOverrides } from '../context.ts';

export interface SharedRegistry {
  overrides: Pick<GatewayOverrides, 'registry' | 'rate_limit_sync' | 'redis' | 'reportTo'>;
  close(): void;
}

/** Nothing is connected yet when it resolves; while Redis is away the view of the registry freezes and each gateway counts alone. */
export async function openSharedRegistry(
  { redis_url, lease_ms, installation }: Pick<GatewayConfig, 'redis_url' | 'lease_ms'> & { installation?: string },
  log: Log,
): Promise<SharedRegistry> {
  if (redis_url === undefined) return { overrides: {}, close: () => undefined };
  const { openRedis, redisRateLimitSync, redisRegistry } = await import('@souk/redis');
  const redis = openRedis({ url: redis_url, log });
  const apart = installation === undefined ? {} : { prefix: installation };
  const overrides = {
    registry: redisRegistry(redis, { ...apart, clock: systemClock, log, lease_ms }),
    rate_limit_sync: redisRateLimitSync(redis, { ...apart, log }),
    redis: { state: redis.state },
    reportTo: redis.reportTo,
  };
  return { overrides, close: () => redis.close() };
}
