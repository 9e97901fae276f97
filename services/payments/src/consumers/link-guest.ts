import { userGuestLinked } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { PaymentsContext } from '../context.ts';
import { linkGuests } from '../use-cases/link-guests.ts';

export const linkGuestConsumer = defineConsumer({
  queue: 'payments.link-guest',
  events: [userGuestLinked],
  // The primary key makes a repeat harmless.
  deduplicate: 'business_key',
  handle: (_ctx: PaymentsContext, tx, events) => linkGuests(tx, events),
});
