/** For tests of the shop itself. */
import type { ClientOptions } from './client-options.ts';
import { type Client, createClient } from './create-client.ts';

export type { Client } from './create-client.ts';

/** A client that makes each request once, with nothing added, so that a test sees what the shop answers. */
export function createTestClient(options: ClientOptions): Client {
  return createClient({ retries: 0, ...options });
}
