/** What people do with the links that were sent to them. Each link is good once. */
import { refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { Queryable, Tx } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import { type Account, confirmEmail, reviseAccount } from '../domain/account.ts';
import { emailVerified, passwordChanged } from '../events.ts';
import { findAccount, lockAccount, saveAccount } from '../store/accounts.ts';
import { endMessageTokens, findMessageToken, type MessagePurpose, type MessageToken } from '../store/message-tokens.ts';
import { endSessions } from '../store/sessions.ts';
import { accountUpdated } from './account-updated.ts';
import { checkNewPassword } from './check-password.ts';
import { forgetCachedUser } from './get-user.ts';
import { hashPassword } from './hash-password.ts';
import { messageSecret, tokenIdOf } from './message-secret.ts';
import { forgetAllLoginFailures, subjectsOf } from './throttle-login.ts';

/** Confirms the address a link was sent to. Refuses with `secret_invalid`. */
export async function verifyEmail(ctx: UsersContext, secret: string, cause: Cause): Promise<void> {
  const { user_id } = await goodToken(ctx, ctx.db, secret, 'verify_email');
  await ctx.db.transaction(async (tx) => {
    const before = await lockOwner(ctx, tx, secret, 'verify_email', user_id);
    // A link that was mailed for a claim is of use only together with the access token of the guest.
    if (before.kind === 'guest') throw refusal('secret_invalid');
    const after = confirmEmail(before, timestamp(ctx.clock.now()));
    await endMessageTokens(tx, user_id, 'verify_email', timestamp(ctx.clock.now()));
    if (after === before) return;
    tx.onCommit(() => emailVerified(ctx, { user_id }));
    await saveAccount(tx, after);
    await ctx.outbox.append(tx, [accountUpdated(after, [], cause)]);
  });
  await forgetCachedUser(ctx, user_id);
}

export interface PasswordReset {
  secret: string;
  password: string;
  client_address: string;
  cause: Cause;
}

/** Sets a new password and ends every session. Refuses with `secret_invalid`, `password_weak`, `overloaded`. */
export async function confirmPasswordReset(ctx: UsersContext, { secret, password, client_address, cause }: PasswordReset): Promise<void> {
  const { user_id } = await goodToken(ctx, ctx.db, secret, 'password_reset');
  const person = await findAccount(ctx.db, user_id);
  if (person === undefined) throw refusal('secret_invalid');
  await checkNewPassword(ctx, password, person);
  const password_hash = await hashPassword(ctx, password);
  await ctx.db.transaction(async (tx) => {
    const before = await lockOwner(ctx, tx, secret, 'password_reset', user_id);
    const { account: after } = reviseAccount(before, { password_hash }, timestamp(ctx.clock.now()));
    await saveAccount(tx, after);
    await Promise.all([
      endSessions(tx, user_id),
      endMessageTokens(tx, user_id, 'password_reset', after.updated_at),
      ctx.outbox.append(tx, [accountUpdated(after, [], cause)]),
    ]);
    tx.onCommit(() => passwordChanged(ctx, 'link', { user_id, client_address }));
  });
  // An owner who had forgotten it has probably guessed a few times.
  await forgetAllLoginFailures(ctx, subjectsOf(ctx, { user_id, login: user_id }, client_address));
  await forgetCachedUser(ctx, user_id);
}

export interface MessageSecret {
  user_id: string;
  purpose: string;
  secret: string | null;
  expires_at: string;
}

/** The secret of a link, for the service that sends it; null when the link is not good any more. */
export async function getMessageSecret(ctx: UsersContext, token_id: string): Promise<MessageSecret> {
  const token = await findMessageToken(ctx.db, token_id);
  if (token === undefined) throw refusal('not_found', 'No such message was requested.');
  const { user_id, purpose, expires_at } = token;
  return { user_id, purpose, secret: isGood(ctx, token) ? messageSecret(ctx.digests, token_id, purpose) : null, expires_at };
}

/** The owner's account, locked; what else is done with links of this account waits for that, so the link is looked at again. */
async function lockOwner(ctx: UsersContext, tx: Tx, secret: string, purpose: MessagePurpose, user_id: string): Promise<Account> {
  const account = await lockAccount(tx, user_id);
  if (account === undefined || account.erased_at !== null) throw refusal('secret_invalid');
  await goodToken(ctx, tx, secret, purpose);
  return account;
}

export async function goodToken(ctx: UsersContext, db: Queryable, secret: string, purpose: MessagePurpose): Promise<MessageToken> {
  const token_id = tokenIdOf(ctx.digests, secret, purpose);
  const token = token_id === undefined ? undefined : await findMessageToken(db, token_id);
  if (token === undefined || token.purpose !== purpose || !isGood(ctx, token)) throw refusal('secret_invalid');
  return token;
}

function isGood({ clock }: UsersContext, { ended_at, expires_at }: MessageToken): boolean {
  return ended_at === null && Date.parse(expires_at) > clock.now();
}
