/** Invalidations between the instances of all services, as JSON on one channel. */
import type { Invalidation, InvalidationBus } from '@souk/cache';
import type { Log } from '@souk/kernel';
import type { Redis } from './redis.ts';

export interface RedisInvalidationBusOptions {
  /** Separates installations that share one Redis; default `souk`. */
  prefix?: string;
  log: Log;
}

/**
 * The bus that `createCache` takes. A subscriber forgets everything whenever its subscription begins (again), because what was
 * published before is lost. `publish` fails with `redis_unavailable`; the cache publishes it again.
 */
export function redisInvalidationBus(redis: Redis, { prefix = 'souk', log }: RedisInvalidationBusOptions): InvalidationBus {
  const channel = `${prefix}:invalidations`;
  return {
    async publish(invalidation) {
      await redis.send(['PUBLISH', channel, JSON.stringify(invalidation)]);
    },
    subscribe: (listener) =>
      redis.subscribe(channel, {
        received(text) {
          const invalidation = parseInvalidation(text);
          if (invalidation) return listener.received(invalidation);
          log.warn(
            { channel, begins: text.slice(0, 100) },
            'a message that is no invalidation was received; the whole cache is invalidated',
          );
          listener.gap();
        },
        gap: () => listener.gap(),
      }),
  };
}

function parseInvalidation(text: string): Invalidation | undefined {
  let said: Partial<Invalidation> | null;
  try {
    said = JSON.parse(text) as Partial<Invalidation> | null;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (said === null || typeof said !== 'object') return undefined;
  const { namespace, origin, names, marked } = said;
  if (typeof namespace !== 'string' || typeof origin !== 'string' || typeof marked !== 'boolean') return undefined;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return undefined;
  return { namespace, origin, names, marked };
}
