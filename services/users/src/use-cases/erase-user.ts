import { userDeleted } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { type Cause, draft } from '@souk/messaging';
import { checkIfMatch } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { checkMayChange, checkMaySee, eraseAccount, notFound } from '../domain/account.ts';
import type { Requester } from '../domain/requester.ts';
import { accountErased, doingOf } from '../events.ts';
import { saveAccount } from '../store/accounts.ts';
import { removeKeysOf } from '../store/api-keys.ts';
import { endMessageTokens } from '../store/message-tokens.ts';
import { removeSecondFactor } from '../store/second-factors.ts';
import { endSessions } from '../store/sessions.ts';
import { forgetCachedUser } from './get-user.ts';
import { checkStillProven, provePassword } from './prove-password.ts';
import { lockActor, readActor } from './read-actor.ts';

export interface EraseRequest {
  requester: Requester;
  user_id: string;
  /** Of the owner. */
  current_password: string | undefined;
  if_match: string | undefined;
  cause: Cause;
}

/**
 * Erases everything personal of an account and ends its sessions and API keys; once more changes nothing. Owners prove it by their password.
 * Refuses with `last_admin`, `password_wrong`, `token_invalid`, `login_throttled`, `overloaded`.
 */
export async function eraseUser(ctx: UsersContext, request: EraseRequest): Promise<void> {
  const { requester, user_id, current_password, if_match, cause } = request;
  checkMaySee(await readActor(ctx, requester), { id: user_id });
  const proven = requester.user_id === user_id ? await provePassword(ctx, requester, current_password) : undefined;
  await ctx.db.transaction(async (tx) => {
    const { actor, account, admins } = await lockActor(ctx, tx, requester, { user_id, admins: true });
    checkMaySee(actor, { id: user_id });
    if (account === undefined) throw notFound();
    if (account.erased_at !== null) return;
    checkMayChange(actor, account);
    if (proven !== undefined) checkStillProven(proven, account);
    checkIfMatch({ if_match }, account.version);
    const erased = eraseAccount(account, admins, timestamp(ctx.clock.now()));
    await saveAccount(tx, erased);
    await Promise.all([
      endSessions(tx, user_id),
      removeKeysOf(tx, user_id),
      removeSecondFactor(tx, user_id),
      endMessageTokens(tx, user_id, undefined, erased.updated_at),
      ctx.outbox.append(tx, [draft(userDeleted, { user_id, user_version: erased.version }, cause)]),
    ]);
    tx.onCommit(() => accountErased(ctx, doingOf(requester, user_id)));
  });
  await forgetCachedUser(ctx, user_id);
}
