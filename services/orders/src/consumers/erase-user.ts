import { userDeleted } from '@souk/contracts';
import { causeOf, defineConsumer, eraseDeadLetters } from '@souk/messaging';
import type { OrdersContext } from '../context.ts';
import { eraseUsers } from '../use-cases/erase-users.ts';

export const eraseUserConsumer = defineConsumer({
  queue: 'orders.erase-user',
  events: [userDeleted],
  batch_max: 20,
  // The tombstone makes a repeat harmless.
  deduplicate: 'business_key',
  async handle(ctx: OrdersContext, tx, events) {
    const erasures = events.map((event) => ({ user_id: event.user_id, erased_at: event.timestamp, cause: causeOf(event) }));
    const once = [...new Map(erasures.map((erasure) => [erasure.user_id, erasure])).values()];
    await eraseDeadLetters(
      tx,
      once.map(({ user_id }) => user_id),
    );
    if (await eraseUsers(ctx, tx, once)) tx.onCommit(() => ctx.wakeJob('finish-erasures'));
  },
});
