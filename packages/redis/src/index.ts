export type { RedisState } from './availability.ts';
export { type RedisCacheTierOptions, redisCacheTier } from './cache-tier.ts';
export { type RedisInvalidationBusOptions, redisInvalidationBus } from './invalidation-bus.ts';
export type { ConnectionLimits } from './managed-connection.ts';
export { type RateLimitSynchroniser, type RedisRateLimitSyncOptions, redisRateLimitSync, type SharedCount } from './rate-limit-sync.ts';
export { type CallOptions, openRedis, type Redis, type RedisOptions } from './redis.ts';
export { type RedisRegistryOptions, redisRegistry } from './registry/redis-registry.ts';
export type { Script } from './script.ts';
export type { ChannelListener } from './subscriptions.ts';
