export { cacheKey, checkKey, checkTag, keyLengthMax, listKey } from './cache-key.ts';
export type { Cached, CachedEntry, CacheLimits, CacheOptions, CacheStats, KeepOptions, LoadOptions } from './cache-options.ts';
export type { CacheTier, TierItem } from './cache-tier.ts';
export { type Cache, createCache } from './create-cache.ts';
export { type Invalidation, type InvalidationBus, type InvalidationListener, memoryBus } from './invalidation-bus.ts';
export { memoryTier } from './memory-tier.ts';
