import { userMessageRequested, userRegistered } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { NotificationsContext } from '../context.ts';
import { tell } from '../use-cases/tell.ts';

/** Welcomes new customers, and sends the links they ask for. */
export const sendAccountMail = defineConsumer({
  queue: 'notifications.send-account-mail',
  events: [userRegistered, userMessageRequested],
  deduplicate: 'business_key',
  handle: (ctx: NotificationsContext, tx, events) => tell(ctx, tx, events, (event) => event.user_id),
});
