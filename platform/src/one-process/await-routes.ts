import type { ServiceName } from '@souk/contracts';
import { type Log, probePause } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';

export interface AwaitRoutesOptions {
  gateway_url: string;
  internal_token: string;
  names: readonly ServiceName[];
  log: Log;
  limit_ms?: number;
}

const limitDefaultMs = 10_000;
const askTimeoutMs = 2_000;
const probeMs = 20;

/**
 * Waits until the gateway sends requests to each of these services and, where `users` is one of them, is ready itself: it has the
 * keys of access tokens from there. A service registers without holding up its own start, so for some moments after that a client
 * would be answered that no instance is there, or that tokens cannot be checked. After `limit_ms` the start goes on with a warning:
 * a service that the gateway does not find is a matter for its health, not a reason to stop the others.
 */
export async function awaitRoutes(options: AwaitRoutesOptions): Promise<void> {
  const since_ms = performance.now();
  let missing = await unrouted(options);
  while (missing.length > 0) {
    if (performance.now() > since_ms + (options.limit_ms ?? limitDefaultMs)) {
      options.log.warn({ missing }, 'the gateway has not found these services yet');
      return;
    }
    await probePause(since_ms, probeMs);
    missing = await unrouted(options);
  }
}

async function unrouted({ gateway_url, internal_token, names }: AwaitRoutesOptions): Promise<ServiceName[]> {
  const ask = (path: string, headers?: Record<string, string>): Promise<Response> =>
    fetch(`${gateway_url}${path}`, { ...(headers && { headers }), signal: AbortSignal.timeout(askTimeoutMs) });
  try {
    const answer = await ask('/registry/services', { authorization: `Bearer ${platformKeys(internal_token).scrapeToken()}` });
    const listed = (await answer.json()) as Record<string, { healthy: boolean }[] | undefined>;
    const missing = names.filter((name) => !listed[name]?.some(({ healthy }) => healthy));
    const isReady = missing.length > 0 || !names.includes('users') || (await ask('/health/ready')).ok;
    return isReady ? missing : ['gateway'];
  } catch {
    // A gateway that is away routes nothing; the limit of the wait says when to go on without it.
    return [...names];
  }
}
