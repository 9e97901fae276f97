import type { TokenStore } from './session.ts';
import type { Timing } from './timing.ts';

export interface ClientOptions {
  /** Origin of the shop, such as `https://shop.example`; in a browser without it that of the page. */
  base_url?: string;
  /** An access token or an API key sent with every call, or where to get one. There is no session then, and nothing is renewed. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  /** Where the tokens of the session are kept; without it in memory. */
  tokens?: TokenStore;
  /** Instead of the `fetch` of the platform. */
  fetch?: typeof fetch;
  /** Sent with every call; without it the server makes one for each. */
  correlation_id?: string;
  /** Longest wait for one answer, in milliseconds; default 30,000 and what `wait_s` adds. */
  timeout_ms?: number;
  /** Most repetitions of a read, or of a write with an idempotency key; default 3. With 0 no keys are made either. */
  retries?: number;
  /** Called once for each operation that the server announces to remove. */
  onDeprecation?: (notice: Deprecation) => void;
  timing?: Timing;
}

/** What the headers of RFC 9745 and RFC 8594 say. */
export interface Deprecation {
  operation: string;
  method: string;
  path: string;
  /** Deprecated since. */
  since: Date | undefined;
  /** May be gone from then on. */
  sunset: Date | undefined;
  /** A page that says what to call in its place. */
  link: string | undefined;
}
