/**
 * Counts requests by class and caller. Answers carry the limit as structured fields in the form of
 * draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy: "read";q=600;w=60` and `RateLimit: "read";r=599;t=61`, where
 * `q` is the quota of a window of `w` seconds, `r` what is left and `t` the seconds until the whole quota is there again.
 */
import { type LimitClass, refusal } from '@souk/contracts';
import type { CountedClass, GatewayContext } from '../context.ts';
import type { Verdict } from '../workers/sliding-window.ts';

export interface RateGate {
  /**
   * Counts a request for each of the keys. The headers of the answer are those of the key that has least left. Throws
   * `rate_limited`, with the same headers in `details.limit_headers`.
   */
  count(limit: LimitClass, keys: readonly string[]): readonly string[];
  /** Counts an answer of so many bytes for what it has cost beyond an ordinary one. */
  charge(limit: LimitClass, keys: readonly string[], bytes: number): void;
  /** Counts so many requests beside the one that was admitted, even past the quota. Answers the headers as of `count`. */
  add(limit: LimitClass, keys: readonly string[], requests: number): readonly string[];
}

const none: readonly string[] = [];
/** An answer counts as one request for each begun piece of this many bytes: reading and writing it costs about as much as that many requests. */
const bytesOfOneRequest = 65_536;

export function createRateGate({ config, limits, clock, metrics, log }: GatewayContext): RateGate {
  if (config.rate_limit === 'off') {
    log.warn({}, 'RATE_LIMIT is off: nothing is counted, this is for load tests only');
    return { count: () => none, charge: () => undefined, add: () => none };
  }
  const policies = Object.fromEntries(
    Object.entries(limits).map(([name, { quota, window_ms }]) => [name, `"${name}";q=${quota};w=${window_ms / 1_000}`]),
  ) as Record<CountedClass, string>;
  metrics.gauge('souk_gateway_rate_limit_keys', () =>
    Object.entries(limits).map(([name, limit]) => ({ labels: { class: name }, value: limit.size() })),
  );

  const headersOf = (limit: CountedClass, { remaining, reset_s }: Verdict): readonly string[] => [
    'ratelimit-policy',
    policies[limit],
    'ratelimit',
    `"${limit}";r=${remaining};t=${reset_s}`,
  ];

  return {
    count(limit, keys) {
      if (limit === 'none') return none;
      let tightest: Verdict | undefined;
      for (const key of keys) {
        const verdict = limits[limit].take(key, clock.now());
        if (tightest === undefined || !verdict.allowed || verdict.remaining < tightest.remaining) tightest = verdict;
        if (!verdict.allowed) break;
      }
      if (tightest === undefined) return none;
      const { allowed, retry_after_s } = tightest;
      const headers = headersOf(limit, tightest);
      if (allowed) return headers;
      metrics.count('souk_gateway_rate_limited_total', { class: limit });
      throw refusal('rate_limited', `At most ${limits[limit].quota} such requests a minute.`, { retry_after_s, limit_headers: headers });
    },
    charge(limit, keys, bytes) {
      if (limit === 'none' || bytes <= bytesOfOneRequest) return;
      const more = Math.ceil(bytes / bytesOfOneRequest) - 1;
      for (const key of keys) limits[limit].charge(key, more, clock.now());
    },
    add(limit, keys, requests) {
      if (limit === 'none') return none;
      const verdicts = keys.map((key) => limits[limit].charge(key, requests, clock.now()));
      const [tightest] = verdicts.sort((one, other) => one.remaining - other.remaining);
      return tightest === undefined ? none : headersOf(limit, tightest);
    },
  };
}
