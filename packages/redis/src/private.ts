/** A Redis of our own from the PATH, for machines on which none is given. */
export { type PrivateRedis, type PrivateRedisOptions, startPrivateRedis } from './private/private-redis.ts';
