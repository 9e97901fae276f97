/**
 * Counts requests by class and caller. Answers carry the limit as structured fields in the form of
 * draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy: "read";q=600;w=60` and `RateLimit: "read";r=599;t=61`, where
 * `q` is the quota of a window of `w` seconds, `r` what is left and `t` the seconds until the whole quota is there again.
 */
import { type LimitClass, refusal } from '@souk/contracts';
import type { CountedClass, GatewayContext } from '../context.ts';

export interface RateGate {
  /** The headers of the answer. Throws `rate_limited`, with the same headers in `details.limit_headers`. */
  count(limit: LimitClass, key: string): readonly string[];
}

const none: readonly string[] = [];

export function createRateGate({ config, limits, clock, metrics, log }: GatewayContext): RateGate {
  if (config.rate_limit === 'off') {
    log.warn({}, 'RATE_LIMIT is off: nothing is counted, this is for load tests only');
    return { count: () => none };
  }
  const policies = Object.fromEntries(
    Object.entries(limits).map(([name, { quota, window_ms }]) => [name, `"${name}";q=${quota};w=${window_ms / 1_000}`]),
  ) as Record<CountedClass, string>;
  metrics.gauge('souk_gateway_rate_limit_keys', () =>
    Object.entries(limits).map(([name, limit]) => ({ labels: { class: name }, value: limit.size() })),
  );

  return {
    count(limit, key) {
      if (limit === 'none') return none;
      const { allowed, remaining, reset_s, retry_after_s } = limits[limit].take(key, clock.now());
      const headers = ['ratelimit-policy', policies[limit], 'ratelimit', `"${limit}";r=${remaining};t=${reset_s}`];
      if (allowed) return headers;
      metrics.count('souk_gateway_rate_limited_total', { class: limit });
      throw refusal('rate_limited', `At most ${limits[limit].quota} such requests a minute.`, { retry_after_s, limit_headers: headers });
    },
  };
}
