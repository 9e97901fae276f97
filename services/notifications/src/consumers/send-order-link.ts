import { orderLinkRequested } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { NotificationsContext } from '../context.ts';
import { sendOrderLinks } from '../use-cases/send-order-links.ts';

/** Mails the links that open one order. A repeat meets the row of its event. */
export const sendOrderLinkConsumer = defineConsumer({
  queue: 'notifications.send-order-link',
  events: [orderLinkRequested],
  deduplicate: 'business_key',
  handle: (ctx: NotificationsContext, tx, events) => sendOrderLinks(ctx, tx, events),
});
