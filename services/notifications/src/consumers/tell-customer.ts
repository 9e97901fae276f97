import { orderCancelled, orderCompleted, orderConfirmed, orderShipped, paymentRefunded } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { NotificationsContext } from '../context.ts';
import { ownersOfOrders } from '../store/notifications.ts';
import { tell } from '../use-cases/tell.ts';

/** Tells customers what became of their orders. A repeat meets the one row of its event, channel and recipient. */
export const tellCustomer = defineConsumer({
  queue: 'notifications.tell-customer',
  events: [orderConfirmed, orderCancelled, orderShipped, orderCompleted, paymentRefunded],
  deduplicate: 'business_key',
  async handle(ctx: NotificationsContext, tx, events) {
    // A refund names its order only; whose order that is, earlier events of the batch or of the history say.
    const owners = new Map<string, string>();
    for (const event of events) if ('user_id' in event) owners.set(event.order_id, event.user_id);
    const unknown = events.filter((event) => !owners.has(event.order_id)).map((event) => event.order_id);
    if (unknown.length > 0) for (const [order_id, user_id] of await ownersOfOrders(tx, unknown)) owners.set(order_id, user_id);
    return tell(ctx, tx, events, (event) => owners.get(event.order_id));
  },
});
