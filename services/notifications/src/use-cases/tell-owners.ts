import type { Envelope } from '@souk/contracts';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { NotificationsContext } from '../context.ts';
import { ownersOfOrders } from '../store/notifications.ts';
import { tell } from './tell.ts';

type OrderNews = Envelope & { order_id: string; user_id?: string };

/** Tells the owner of each order. A refund names its order only; whose that is, the batch or the history says. */
export async function tellOwners(ctx: NotificationsContext, tx: Tx, events: readonly OrderNews[]): Promise<Failure[]> {
  const owners = new Map<string, string>();
  for (const event of events) if (event.user_id !== undefined) owners.set(event.order_id, event.user_id);
  const unknown = events.filter((event) => !owners.has(event.order_id)).map((event) => event.order_id);
  if (unknown.length > 0) for (const [order_id, user_id] of await ownersOfOrders(tx, unknown)) owners.set(order_id, user_id);
  return tell(ctx, tx, events, (event) => owners.get(event.order_id));
}
