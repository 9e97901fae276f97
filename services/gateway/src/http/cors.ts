/** Cross-origin rules by allow-list. Without a list no page of another origin may read anything. */
import { AppError } from '@souk/kernel';

export interface Cors {
  /** Undefined when there is no allow-list: answers do not depend on the origin then. */
  readonly vary: string | undefined;
  /** The headers that let this origin read the answer; none when it may not. */
  headersFor(origin: string | undefined): readonly string[];
  /** The answer to a preflight of an allowed origin; undefined for any other request. */
  preflight(origin: string | undefined, method: string | undefined, allow: string): readonly string[] | undefined;
}

const exposed =
  'Deprecation, ETag, Link, Location, Idempotency-Replayed, RateLimit, RateLimit-Policy, Retry-After, Sunset, Total-Count, Traceparent, X-Correlation-ID';
const allowedHeaders =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, X-Correlation-ID, Traceparent';
const maxAgeSeconds = 600;

/** `origins` by commas, such as https://shop.example; throws `config_invalid`. */
export function createCors(origins: string): Cors {
  const allowed = new Set(
    origins
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  );
  for (const origin of allowed) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new AppError('config_invalid', `CORS_ORIGINS: ${origin} is not an origin such as https://shop.example.`);
  }
  const granted = new Map(
    [...allowed].map((origin) => [origin, ['access-control-allow-origin', origin, 'access-control-expose-headers', exposed]]),
  );
  const none: readonly string[] = [];
  return {
    vary: allowed.size > 0 ? 'Origin' : undefined,
    headersFor: (origin) => (origin === undefined ? none : (granted.get(origin) ?? none)),
    preflight(origin, method, allow) {
      if (origin === undefined || method === undefined || !allowed.has(origin)) return undefined;
      return [
        ...['access-control-allow-origin', origin, 'access-control-allow-methods', allow],
        ...['access-control-allow-headers', allowedHeaders, 'access-control-max-age', String(maxAgeSeconds)],
      ];
    },
  };
}
