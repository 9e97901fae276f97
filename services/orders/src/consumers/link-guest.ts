import { userGuestLinked } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { OrdersContext } from '../context.ts';
import { linkGuests } from '../use-cases/link-guests.ts';

export const linkGuestConsumer = defineConsumer({
  queue: 'orders.link-guest',
  events: [userGuestLinked],
  // The primary key makes a repeat harmless.
  deduplicate: 'business_key',
  handle: (_ctx: OrdersContext, tx, events) => linkGuests(tx, events),
});
