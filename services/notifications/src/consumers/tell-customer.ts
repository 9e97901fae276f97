import { orderCancelled, orderCompleted, orderConfirmed, orderShipped, paymentRefunded } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { NotificationsContext } from '../context.ts';
import { tellOwners } from '../use-cases/tell-owners.ts';

/** Tells customers what became of their orders. A repeat meets the one row of its event, channel and recipient. */
export const tellCustomer = defineConsumer({
  queue: 'notifications.tell-customer',
  events: [orderConfirmed, orderCancelled, orderShipped, orderCompleted, paymentRefunded],
  deduplicate: 'business_key',
  handle: (ctx: NotificationsContext, tx, events) => tellOwners(ctx, tx, events),
});
