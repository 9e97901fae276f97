import { userMessageRequested, userRegistered } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { NotificationsContext } from '../context.ts';
import { createNotifications } from '../use-cases/create-notifications.ts';

/** Welcomes new customers, and sends the links they ask for. */
export const sendAccountMailConsumer = defineConsumer({
  queue: 'notifications.send-account-mail',
  events: [userRegistered, userMessageRequested],
  deduplicate: 'business_key',
  handle: (ctx: NotificationsContext, tx, events) =>
    createNotifications(ctx, tx, events, ({ user_id }) => ({ user_id, order_number: null })),
});
