/**
 * Broadcasts of the broker (`order.*` and the like) for whoever in this process wants them. The broker is asked for
 * them only while somebody does: a broadcast that nobody waits for costs it as much as any other message.
 */
import { broadcastPatterns } from '@souk/contracts';
import { backoffMs, type Log, type Metrics, pause } from '@souk/kernel';
import type { Broker } from '@souk/messaging';

export interface Broadcast {
  routing_key: string;
  body: string;
}

export type BroadcastHearer = (broadcast: Broadcast) => void;

export interface BroadcastHearers {
  add(hearer: BroadcastHearer): void;
  delete(hearer: BroadcastHearer): void;
  /** Forgets all hearers and ends the subscription. */
  close(): Promise<void>;
}

export interface BroadcastOptions {
  broker: Broker | undefined;
  log: Log;
  metrics: Metrics;
  stopping: AbortSignal;
}

type Unsubscribe = () => Promise<void>;

const retryFirstMs = 200;
const retryMaxMs = 5_000;
/** After the last hearer has gone the subscription is kept a moment: the next one is often on its way. */
const lingerMs = 10_000;

/** Subscribes with the first hearer, however long the broker is away, and unsubscribes some time after the last. */
export function createBroadcastHearers({ broker, log, metrics, stopping }: BroadcastOptions): BroadcastHearers {
  const hearers = new Set<BroadcastHearer>();
  let subscription: Promise<Unsubscribe | undefined> | undefined;
  let linger: NodeJS.Timeout | undefined;

  const told = (broadcast: Broadcast): void => {
    metrics.count('souk_gateway_broadcasts_total', { entity: broadcast.routing_key.split('.')[0] ?? '' });
    for (const hearer of hearers) hearer(broadcast);
  };
  const subscribe = async (to: Broker): Promise<Unsubscribe | undefined> => {
    for (let attempt = 0; !stopping.aborted; attempt += 1) {
      try {
        return await to.subscribe(broadcastPatterns, told);
      } catch (error) {
        if (attempt === 0) log.warn({ err: error }, 'the broker does not answer; broadcasts are not heard');
        await pause(backoffMs(attempt, retryFirstMs, retryMaxMs), stopping);
      }
    }
    return undefined;
  };
  const unsubscribe = async (): Promise<void> => {
    const ended = subscription;
    subscription = undefined;
    await (await ended)?.();
  };

  return {
    add(hearer) {
      hearers.add(hearer);
      clearTimeout(linger);
      if (broker !== undefined) subscription ??= subscribe(broker);
    },
    delete(hearer) {
      if (!hearers.delete(hearer) || hearers.size > 0) return;
      clearTimeout(linger);
      linger = setTimeout(() => {
        unsubscribe().catch((error: unknown) => log.warn({ err: error }, 'broadcasts could not be unsubscribed from'));
      }, lingerMs).unref();
    },
    async close() {
      clearTimeout(linger);
      hearers.clear();
      await unsubscribe();
    },
  };
}
