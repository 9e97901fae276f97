/**
 * Broadcasts of the broker (`order.*` and the like) for the subscribers in this process. The gateway is subscribed at the broker only
 * while it has subscribers itself: a broadcast without one costs the broker as much as any other message.
 */
import { broadcastPatterns } from '@souk/contracts';
import { backoffMs, type Log, type Metrics, pause } from '@souk/kernel';
import type { Broker } from '@souk/messaging';

export interface Broadcast {
  routing_key: string;
  body: string;
}

export type BroadcastSubscriber = (broadcast: Broadcast) => void;

export interface BroadcastSubscribers {
  /** `missed` is called when broadcasts may have been missed: the subscription is there, or there again, from now on. */
  add(subscriber: BroadcastSubscriber, missed?: () => void): void;
  delete(subscriber: BroadcastSubscriber): void;
  /** Forgets all subscribers and ends the subscription. */
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
/** After the last subscriber has gone the subscription is kept a moment: the next one is often on its way. */
const lingerMs = 10_000;

/** Subscribes with the first subscriber, however long the broker is away, and unsubscribes some time after the last. */
export function createBroadcastSubscribers({ broker, log, metrics, stopping }: BroadcastOptions): BroadcastSubscribers {
  const subscribers = new Map<BroadcastSubscriber, () => void>();
  let subscription: Promise<Unsubscribe | undefined> | undefined;
  let linger: NodeJS.Timeout | undefined;

  const deliver = (broadcast: Broadcast): void => {
    metrics.count('souk_gateway_broadcasts_total', { entity: broadcast.routing_key.split('.')[0] ?? '' });
    for (const subscriber of subscribers.keys()) subscriber(broadcast);
  };
  const reportGap = (): void => {
    for (const missed of subscribers.values()) missed();
  };
  const subscribe = async (to: Broker): Promise<Unsubscribe | undefined> => {
    for (let attempt = 0; !stopping.aborted; attempt += 1) {
      try {
        const unsubscribeHere = await to.subscribe(broadcastPatterns, deliver, reportGap);
        reportGap();
        return unsubscribeHere;
      } catch (error) {
        if (attempt === 0) log.warn({ err: error }, 'the broker does not answer; broadcasts are not received');
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
    add(subscriber, missed = () => undefined) {
      subscribers.set(subscriber, missed);
      clearTimeout(linger);
      if (broker !== undefined) subscription ??= subscribe(broker);
    },
    delete(subscriber) {
      if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
      clearTimeout(linger);
      linger = setTimeout(() => {
        unsubscribe().catch((error: unknown) => log.warn({ err: error }, 'broadcasts could not be unsubscribed from'));
      }, lingerMs).unref();
    },
    async close() {
      clearTimeout(linger);
      subscribers.clear();
      await unsubscribe();
    },
  };
}
