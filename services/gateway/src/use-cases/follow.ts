/** What a client follows live, over whichever connection: an order, the stock of products, the events of the shop. */
import { type Availability, type HistoryPart, type LiveTopic, refusal } from '@souk/contracts';
import type { GatewayContext } from '../context.ts';
import { mayWatch, shopEventOf } from '../domain/live.ts';

export type Stop = () => void;

/** Events of the shop may be missing before this: what is shown is to be loaded again. */
const shopGap = { event: 'gap', data: {} } as const;

interface OrderQuestion {
  order_id: string;
  after: number;
  caller: { user_id: string; isStaff: boolean } | undefined;
}

/** Begins with the lines after `after`, which may be none. Throws `not_found`, also for the order of another customer, and `service_unavailable`. */
export function followOrder(
  { live }: GatewayContext,
  { order_id, after, caller }: OrderQuestion,
  begin: (part: HistoryPart) => void,
  take: (part: HistoryPart) => void,
): Promise<Stop> {
  return live.orders.add({ key: order_id, after }, take, (part) => {
    if (part === undefined || !mayWatch(part, caller)) throw refusal('not_found', 'There is no such order.');
    begin(part);
  });
}

/** Begins with all levels that are known. Throws `service_unavailable`. */
export async function followStock(
  { live }: GatewayContext,
  product_ids: readonly string[],
  begin: (levels: readonly Availability[]) => void,
  take: (level: Availability) => void,
): Promise<Stop> {
  // What comes before all products have been read belongs to the beginning.
  const known = new Map<string, Availability>();
  let hasBegun = false;
  const receive = (level: Availability): void => {
    if (hasBegun) take(level);
    else known.set(level.product_id, level);
  };
  const keys = [...new Set(product_ids)];
  const stops = await Promise.allSettled(keys.map((key) => live.stock.add({ key, after: 0 }, receive, (level) => level && receive(level))));
  const stop = (): void => {
    for (const one of stops) if (one.status === 'fulfilled') one.value();
  };
  const failure = stops.find((one) => one.status === 'rejected');
  if (failure !== undefined) {
    stop();
    throw failure.reason;
  }
  hasBegun = true;
  begin([...known.values()]);
  return stop;
}

/** Begins with a gap; another one follows wherever broadcasts may have been missed. */
export function followShop(
  { broadcast_subscribers }: GatewayContext,
  topics: ReadonlySet<LiveTopic>,
  take: (event: { event: string; data: object }) => void,
): Stop {
  const receive = (broadcast: { routing_key: string; body: string }): void => {
    const data = shopEventOf(broadcast, topics);
    if (data !== undefined) take({ event: data.event_type, data });
  };
  take(shopGap);
  broadcast_subscribers.add(receive, () => take(shopGap));
  return () => broadcast_subscribers.delete(receive);
}
