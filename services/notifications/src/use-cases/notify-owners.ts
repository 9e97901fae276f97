import type { Envelope } from '@souk/contracts';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { NotificationsContext } from '../context.ts';
import { namingsOfOrders, type OrderNaming } from '../store/notifications.ts';
import { createNotifications } from './create-notifications.ts';

type OrderNews = Envelope & { order_id: string; user_id?: string; order_number?: string };

/** Notifies the owner of each order. A refund names its order only; whose that is and what it is called, the batch or the history says. */
export async function notifyOwners(ctx: NotificationsContext, tx: Tx, events: readonly OrderNews[]): Promise<Failure[]> {
  const known = new Map<string, OrderNaming>();
  for (const { order_id, user_id, order_number = null } of events)
    if (user_id !== undefined) known.set(order_id, { user_id, order_number });
  const unknown = events.map(({ order_id }) => order_id).filter((order_id) => !known.get(order_id)?.order_number);
  if (unknown.length > 0) {
    for (const [order_id, naming] of await namingsOfOrders(tx, unknown)) known.set(order_id, naming);
  }
  return createNotifications(ctx, tx, events, ({ order_id }) => known.get(order_id));
}
