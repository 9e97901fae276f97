import { type EventOf, userMessageRequested, userRegistered } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { NotificationsContext } from '../context.ts';
import { createNotifications } from '../use-cases/create-notifications.ts';

/** Welcomes new customers, but no guests, and sends the links they ask for. */
export const sendAccountMailConsumer = defineConsumer({
  queue: 'notifications.send-account-mail',
  events: [userRegistered, userMessageRequested],
  deduplicate: 'business_key',
  handle: (ctx: NotificationsContext, tx, events) =>
    createNotifications(
      ctx,
      tx,
      events.filter((event) => !isGuest(event)),
      ({ user_id }) => ({ user_id, order_number: null }),
    ),
});

function isGuest(event: EventOf<typeof userRegistered> | EventOf<typeof userMessageRequested>): boolean {
  return event.event_type === 'user.registered' && event.registration_source === 'guest';
}
