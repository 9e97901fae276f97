import type { User } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import { checkIfMatch } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { type AccountRole, giveRole as decideRole, notFound } from '../domain/account.ts';
import { roleGiven } from '../events.ts';
import { lockAccountAndAdmins, saveAccount } from '../store/accounts.ts';
import { forgetCachedUser } from './get-user.ts';
import { presentUser } from './present-user.ts';
import { accountUpdated } from './tell-update.ts';

export interface RoleRequest {
  user_id: string;
  role: AccountRole;
  if_match: string | undefined;
  /** Who gives it. */
  actor: string;
  cause: Cause;
}

/** Gives an account another role; access tokens follow within ten minutes. Refuses with `last_admin`, `precondition_failed`. */
export async function giveRole(ctx: UsersContext, { user_id, role, if_match, actor, cause }: RoleRequest): Promise<User> {
  const account = await ctx.db.transaction(async (tx) => {
    const { account: before, admins } = await lockAccountAndAdmins(tx, user_id);
    if (before === undefined || before.erased_at !== null) throw notFound();
    checkIfMatch({ if_match }, before.version);
    const after = decideRole(before, role, admins, timestamp(ctx.clock.now()));
    if (after === before) return before;
    await saveAccount(tx, after);
    await ctx.outbox.append(tx, [accountUpdated(after, [], cause)]);
    tx.onCommit(() => roleGiven(ctx, { user_id, role, by: actor }));
    return after;
  });
  await forgetCachedUser(ctx, user_id);
  return presentUser(account);
}
