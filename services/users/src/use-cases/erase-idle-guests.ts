import { idleGuestsMax, userDeleted } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { draft } from '@souk/messaging';
import { customersWithOrders } from '../clients/order-customers.ts';
import type { UsersContext } from '../context.ts';
import { eraseAccount } from '../domain/account.ts';
import { accountErased } from '../events.ts';
import { lockAccounts, saveAccount } from '../store/accounts.ts';
import { removeAddressesOf } from '../store/addresses.ts';
import { idleGuests, lockIdleGuests, noteOrders } from '../store/guests.ts';
import { endMessageTokens } from '../store/message-tokens.ts';
import { forgetCachedUser } from './get-user.ts';

/** So long a guest is kept who has ordered nothing, and longer while a session goes on. */
const keptMs = 2_592_000_000;

/**
 * Erases guests who never ordered anything. Orders is asked who has: while it is away no guest is erased, and a shop without such guests asks
 * nothing. Sessions have ended by then, so that no order can come after the answer. True when there may be more.
 */
export async function eraseIdleGuests(ctx: UsersContext): Promise<boolean> {
  const opened_before = timestamp(ctx.clock.now() - keptMs);
  const ids = await idleGuests(ctx.db, { opened_before, limit: idleGuestsMax });
  if (ids.length === 0) return false;
  const customers = new Set(await customersWithOrders(ctx, ids));
  if (customers.size > 0) await noteOrders(ctx.db, [...customers]);
  const erased = await eraseThose(
    ctx,
    ids.filter((id) => !customers.has(id)),
  );
  for (const id of erased) await forgetCachedUser(ctx, id);
  return ids.length === idleGuestsMax;
}

async function eraseThose(ctx: UsersContext, ids: readonly string[]): Promise<readonly string[]> {
  return ctx.db.transaction(async (tx) => {
    const idle = [...(await lockIdleGuests(tx, ids))];
    const { find } = await lockAccounts(tx, idle, { admins: false });
    const now = timestamp(ctx.clock.now());
    const cause = { correlation_id: ctx.ids.uuid(), actor: 'system' };
    for (const id of idle) {
      const account = find(id);
      if (account === undefined) continue;
      const erased = eraseAccount(account, 0, now);
      await saveAccount(tx, erased);
      await removeAddressesOf(tx, id);
      await endMessageTokens(tx, id, undefined, now);
      await ctx.outbox.append(tx, [draft(userDeleted, { user_id: id, user_version: erased.version }, cause)]);
      tx.onCommit(() => accountErased(ctx, { user_id: id }));
    }
    return idle;
  });
}
