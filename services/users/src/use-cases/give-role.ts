import type { User } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import { checkIfMatch } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { type AccountRole, giveRole as decideRole, notFound } from '../domain/account.ts';
import { checkRole, type Requester } from '../domain/requester.ts';
import { apiKeyChanged, doingOf, roleGiven } from '../events.ts';
import { saveAccount } from '../store/accounts.ts';
import { deleteKeysOf } from '../store/api-keys.ts';
import { accountUpdated } from './account-updated.ts';
import { forgetCachedUser } from './get-user.ts';
import { noteStaffAction } from './note-staff-action.ts';
import { presentUser } from './present-user.ts';
import { lockActor } from './read-actor.ts';

export interface RoleRequest {
  requester: Requester;
  user_id: string;
  role: AccountRole;
  if_match: string | undefined;
  cause: Cause;
}

/**
 * Gives an account another role; only an account that is an administrator at this moment can. Other services follow within ten minutes.
 * The API keys of who is no administrator any more end for good: with the old role they would come back.
 * Refuses with `token_invalid`, `forbidden`, `last_admin`, `precondition_failed`.
 */
export async function giveRole(ctx: UsersContext, { requester, user_id, role, if_match, cause }: RoleRequest): Promise<User> {
  const account = await ctx.db.transaction(async (tx) => {
    const { actor, account: before, admins } = await lockActor(ctx, tx, requester, { user_id, admins: true });
    checkRole(actor, 'admin');
    if (before === undefined || before.erased_at !== null) throw notFound();
    checkIfMatch({ if_match }, before.version);
    const after = decideRole(before, role, admins, timestamp(ctx.clock.now()));
    if (after === before) return before;
    await saveAccount(tx, after);
    await noteStaffAction(ctx, tx, requester, { action: 'role_given', user_id, object: role });
    const ended = after.role === 'admin' ? [] : await deleteKeysOf(tx, user_id, after.updated_at);
    await ctx.outbox.append(tx, [accountUpdated(after, [], cause)]);
    tx.onCommit(() => {
      roleGiven(ctx, role, doingOf(requester, user_id));
      for (const id of ended) apiKeyChanged(ctx, 'creator_demoted', id, doingOf(requester, user_id));
    });
    return after;
  });
  await forgetCachedUser(ctx, user_id);
  return presentUser(account);
}
