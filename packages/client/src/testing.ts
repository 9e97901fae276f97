/** For tests of the shop itself. */
import type { ClientOptions } from './client-options.ts';
import { type Client, createClient } from './create-client.ts';

export type { Client } from './create-client.ts';

/** A client that makes each request once and asks for no copies, so that a test sees what the services answer now. */
export function createTestClient({ fetch: given = fetch, ...options }: ClientOptions): Client {
  const uncached: typeof fetch = (address, init = {}) =>
    given(address, { ...init, headers: { 'cache-control': 'no-cache', ...init.headers } });
  return createClient({ retries: 0, ...options, fetch: uncached });
}
