import { userDeleted } from '@souk/contracts';
import { defineConsumer, eraseDeadLetters } from '@souk/messaging';
import type { PaymentsContext } from '../context.ts';
import { forgetGuests } from '../use-cases/link-guests.ts';

/** The tables of this service name people by id only; its dead letters are whole events, with payment methods in them. */
export const eraseUserConsumer = defineConsumer({
  queue: 'payments.erase-user',
  events: [userDeleted],
  batch_max: 20,
  // The row of the erased person makes a repeat harmless.
  deduplicate: 'business_key',
  async handle(_ctx: PaymentsContext, tx, events) {
    const user_ids = events.map(({ user_id }) => user_id);
    await eraseDeadLetters(tx, user_ids);
    await forgetGuests(tx, user_ids);
  },
});
