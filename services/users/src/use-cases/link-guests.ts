import { linkedGuestsMax, refusal, userGuestLinked } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { type Cause, draft } from '@souk/messaging';
import type { UsersContext } from '../context.ts';
import { checkRegistered, notFound } from '../domain/account.ts';
import type { Requester } from '../domain/requester.ts';
import { guestsLinked } from '../events.ts';
import { linkedGuests, linkGuests as linkMore } from '../store/guests.ts';
import { forgetCachedUser } from './get-user.ts';
import { lockActor } from './read-actor.ts';
import { guestLinkedEventId } from './republish-users.ts';

/**
 * Takes the guests who gave the confirmed address of the requester as the same person, for good, and answers all it has. An address that was
 * not confirmed links none: it would open the orders of its owner.
 * Refuses with `account_is_guest`, `email_unverified`, `too_many_guests`, `token_invalid`.
 */
export async function linkGuests(ctx: UsersContext, requester: Requester, cause: Cause): Promise<string[]> {
  const { user_id } = requester;
  const { all, fresh } = await ctx.db.transaction(async (tx) => {
    const { account } = await lockActor(ctx, tx, requester, { user_id });
    if (account === undefined) throw notFound();
    checkRegistered(account);
    if (!account.email_verified) throw refusal('email_unverified');
    const before = await linkedGuests(tx, user_id);
    const room = linkedGuestsMax - before.length;
    const now = timestamp(ctx.clock.now());
    // Without room one is looked for, and not linked: only where there is one is it too many.
    const linked = await linkMore(tx, { user_id, email: account.email, most: Math.max(room, 1), now });
    if (linked.length > room) throw refusal('too_many_guests', `An account links at most ${linkedGuestsMax} guests.`);
    if (linked.length > 0) {
      const events = linked.map((guest_user_id) =>
        draft(userGuestLinked, { user_id, guest_user_id }, cause, guestLinkedEventId(guest_user_id)),
      );
      await ctx.outbox.append(tx, events);
      tx.onCommit(() => guestsLinked(ctx, user_id, linked.length));
    }
    return { all: [...before, ...linked].sort(), fresh: linked };
  });
  for (const guest_user_id of fresh) await forgetCachedUser(ctx, guest_user_id);
  return all;
}
