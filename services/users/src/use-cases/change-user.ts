import type { User } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import { checkIfMatch } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { type Account, type AccountChange, type Actor, checkMayChange, notFound, type Revision, reviseAccount } from '../domain/account.ts';
import { findAccount, lockAccount, saveAccount } from '../store/accounts.ts';
import { endMessageTokens } from '../store/message-tokens.ts';
import { endSessions } from '../store/sessions.ts';
import { forgetCachedUser } from './get-user.ts';
import { hashPassword } from './hash-password.ts';
import { presentUser } from './present-user.ts';
import { requestMessage } from './request-message.ts';
import { accountUpdated } from './tell-update.ts';

export interface ChangeRequest {
  actor: Actor;
  user_id: string;
  change: Omit<AccountChange, 'password_hash'> & { password?: string | undefined };
  /** If-Match of the request. */
  if_match: string | undefined;
  /** The session the owner asks from; it goes on when the password changes. */
  session_id: string | undefined;
  cause: Cause;
}

/**
 * Changes an account. Another address must be verified again; another password ends all other sessions. Refuses with
 * `not_found`, `forbidden`, `precondition_failed`, `username_taken`, `email_taken`, `overloaded`.
 */
export async function changeUser(ctx: UsersContext, request: ChangeRequest): Promise<User> {
  checkRequest(request, await findAccount(ctx.db, request.user_id));
  const { password, ...rest } = request.change;
  const change: AccountChange = password === undefined ? rest : { ...rest, password_hash: await hashPassword(ctx, password) };
  const revision = await ctx.db.transaction(async (tx) => {
    const account = checkRequest(request, await lockAccount(tx, request.user_id));
    const decided = reviseAccount(account, change, timestamp(ctx.clock.now()));
    if (decided.changed.length > 0) await saveRevision(ctx, tx, decided, request);
    return decided;
  });
  if (revision.changed.length > 0) await forgetCachedUser(ctx, request.user_id);
  return presentUser(revision.account);
}

function checkRequest({ actor, user_id, if_match }: ChangeRequest, account: Account | undefined): Account {
  if (account === undefined || account.erased_at !== null) throw notFound();
  checkMayChange(actor, { id: user_id, role: account.role });
  checkIfMatch({ if_match }, account.version);
  return account;
}

async function saveRevision(
  ctx: UsersContext,
  tx: Tx,
  { account, changed, mailboxChanged }: Revision,
  request: ChangeRequest,
): Promise<void> {
  const { actor, session_id, cause } = request;
  await saveAccount(tx, account);
  await ctx.outbox.append(tx, [accountUpdated(account, changed, cause)]);
  if (mailboxChanged) {
    await endMessageTokens(tx, account.id, undefined, account.updated_at);
    await requestMessage(ctx, tx, account.id, 'verify_email', cause);
  }
  if (changed.includes('password_hash')) {
    await endSessions(tx, account.id, actor.user_id === account.id ? session_id : undefined);
    await endMessageTokens(tx, account.id, 'password_reset', account.updated_at);
  }
}
