import type { Job } from '@souk/service-kit';
import type { CountedClass, GatewayContext, RateLimitSync } from '../context.ts';

/** Sends the other gateways what was counted here and takes over what all have counted. While it fails, each counts alone. */
export function synchroniseRateLimits(sync: RateLimitSync, every_ms: number): Job<GatewayContext> {
  return {
    name: 'synchronise-rate-limits',
    every_ms,
    async run({ limits }) {
      for (const [name, limit] of Object.entries(limits)) {
        const counts = limit.collect();
        if (counts.length > 0) limit.absorb(await sync.exchange(name as CountedClass, counts));
      }
    },
  };
}
