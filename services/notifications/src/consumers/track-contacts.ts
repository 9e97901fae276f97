import { userDeleted, userGuestLinked, userRegistered, userUpdated } from '@souk/contracts';
import { defineConsumer, eraseDeadLetters } from '@souk/messaging';
import type { NotificationsContext } from '../context.ts';
import { keepContacts } from '../use-cases/keep-contacts.ts';

/** Keeps whom to reach and how, and whose guests are whose: the newest version of each person, and nothing of those who were erased. */
export const trackContactsConsumer = defineConsumer({
  queue: 'notifications.track-contacts',
  events: [userRegistered, userUpdated, userDeleted, userGuestLinked],
  deduplicate: 'business_key',
  async handle(ctx: NotificationsContext, tx, events) {
    const erased = events.flatMap((event) => (event.event_type === 'user.deleted' ? event.user_id : []));
    if (erased.length > 0) await eraseDeadLetters(tx, erased);
    await keepContacts(ctx, tx, events);
  },
});
