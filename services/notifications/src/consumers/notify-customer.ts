import {
  orderCancelled,
  orderCompleted,
  orderConfirmed,
  orderParcelSent,
  orderShipped,
  paymentRefunded,
  returnUpdated,
} from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { NotificationsContext } from '../context.ts';
import { notifyOwners } from '../use-cases/notify-owners.ts';

/** Notifies customers of what became of their orders and returns. A repeat meets the one row of its event, channel and recipient. */
export const notifyCustomerConsumer = defineConsumer({
  queue: 'notifications.notify-customer',
  events: [orderConfirmed, orderCancelled, orderShipped, orderParcelSent, orderCompleted, returnUpdated, paymentRefunded],
  deduplicate: 'business_key',
  handle: (ctx: NotificationsContext, tx, events) => notifyOwners(ctx, tx, events),
});
