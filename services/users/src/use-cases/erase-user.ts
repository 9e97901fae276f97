import { userDeleted } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { type Cause, draft } from '@souk/messaging';
import { checkIfMatch } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { type Actor, checkMayChange, checkMaySee, eraseAccount, notFound } from '../domain/account.ts';
import { accountErased } from '../events.ts';
import { lockAccountAndAdmins, saveAccount } from '../store/accounts.ts';
import { endMessageTokens } from '../store/message-tokens.ts';
import { endSessions } from '../store/sessions.ts';
import { forgetCachedUser } from './get-user.ts';

export interface EraseRequest {
  actor: Actor;
  user_id: string;
  if_match: string | undefined;
  cause: Cause;
}

/** Erases everything personal of an account and ends its sessions; once more changes nothing. Refuses with `last_admin`. */
export async function eraseUser(ctx: UsersContext, { actor, user_id, if_match, cause }: EraseRequest): Promise<void> {
  checkMaySee(actor, { id: user_id });
  await ctx.db.transaction(async (tx) => {
    const { account, admins } = await lockAccountAndAdmins(tx, user_id);
    if (account === undefined) throw notFound();
    if (account.erased_at !== null) return;
    checkMayChange(actor, account);
    checkIfMatch({ if_match }, account.version);
    const erased = eraseAccount(account, admins, timestamp(ctx.clock.now()));
    await saveAccount(tx, erased);
    await Promise.all([
      endSessions(tx, user_id),
      endMessageTokens(tx, user_id, undefined, erased.updated_at),
      ctx.outbox.append(tx, [draft(userDeleted, { user_id, user_version: erased.version }, cause)]),
    ]);
    tx.onCommit(() => accountErased(ctx, user_id));
  });
  await forgetCachedUser(ctx, user_id);
}
