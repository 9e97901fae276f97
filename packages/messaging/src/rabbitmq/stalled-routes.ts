/**
 * Addresses that take messages and do not confirm them, while others do: a queue behind them is stuck (a quorum queue
 * without a leader, or one that did not recover from a crash). Publishing to them is suspended: nothing is sent
 * there but one message, again and again with growing pauses, over a channel of its own, until it is confirmed.
 */
import { backoffMs, type Log, pause } from '@souk/kernel';

export interface Route {
  exchange: string;
  routing_key: string;
}

export interface StalledRoutes<PublishRequest extends Route> {
  has(route: Route): boolean;
  /** From now on the address counts as stalled, and this message is what it is tried with. */
  add(request: PublishRequest): void;
  list(): readonly Route[];
  /** There is another connection: everything is tried as if nothing had been. */
  clear(): void;
}

const retryFirstMs = 500;
const retryMostMs = 15_000;

/** `isConfirmed` sends one message and says whether it is on disk. */
export function createStalledRoutes<PublishRequest extends Route>(
  isConfirmed: (request: PublishRequest) => Promise<boolean>,
  log: Log,
): StalledRoutes<PublishRequest> {
  const stalled = new Map<string, { request: PublishRequest; healed: AbortController }>();
  const nameOf = ({ exchange, routing_key }: Route): string => `${exchange} ${routing_key}`;

  const probe = async (request: PublishRequest, signal: AbortSignal): Promise<void> => {
    for (let tries = 0; !signal.aborted; tries += 1) {
      await pause(backoffMs(tries, retryFirstMs, retryMostMs), signal);
      if (signal.aborted) return;
      const confirmed = await isConfirmed(request).catch((error: unknown) => {
        log.debug({ err: error, routing_key: request.routing_key }, 'the probe message could not be published');
        return false;
      });
      if (!confirmed || signal.aborted) continue;
      stalled.delete(nameOf(request));
      log.info({ routing_key: request.routing_key }, 'RabbitMQ confirms these messages again');
      return;
    }
  };

  return {
    has: (route) => stalled.size > 0 && stalled.has(nameOf(route)),
    add(request) {
      const name = nameOf(request);
      if (stalled.has(name)) return;
      const healed = new AbortController();
      stalled.set(name, { request, healed });
      const { exchange, routing_key } = request;
      log.error({ exchange, routing_key }, 'RabbitMQ does not confirm these messages although it is there: a queue of them is stuck');
      void probe(request, healed.signal);
    },
    list: () => [...stalled.values()].map(({ request: { exchange, routing_key } }) => ({ exchange, routing_key })),
    clear() {
      for (const { healed } of stalled.values()) healed.abort();
      stalled.clear();
    },
  };
}
