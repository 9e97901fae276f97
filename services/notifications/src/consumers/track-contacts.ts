import { userDeleted, userRegistered, userUpdated } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { NotificationsContext } from '../context.ts';
import { keepContacts } from '../use-cases/keep-contacts.ts';

/** Keeps whom to reach and how: the newest version of each person, and nothing of those who were erased. */
export const trackContacts = defineConsumer({
  queue: 'notifications.track-contacts',
  events: [userRegistered, userUpdated, userDeleted],
  deduplicate: 'business_key',
  handle: (_ctx: NotificationsContext, tx, events) => keepContacts(tx, events),
});
