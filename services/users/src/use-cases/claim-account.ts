/**
 * A guest gets an account to sign in to. It takes the session of the guest and the mailbox of the address: with only one of them, as a
 * person has who gave another's address or who follows a link that was not asked for, nothing is opened.
 */
import { refusal, type User } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { Queryable } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import { type Account, claimAccount as decideClaim } from '../domain/account.ts';
import type { Requester } from '../domain/requester.ts';
import { doingOf, emailVerified, passwordChanged } from '../events.ts';
import { findAccount, findTaken, saveAccount } from '../store/accounts.ts';
import { isLinked } from '../store/guests.ts';
import { endMessageTokens } from '../store/message-tokens.ts';
import { accountUpdated } from './account-updated.ts';
import { checkNewPassword } from './check-password.ts';
import { forgetCachedUser } from './get-user.ts';
import { hashPassword } from './hash-password.ts';
import { presentUser } from './present-user.ts';
import { lockActor, readActor } from './read-actor.ts';
import { requestMessage } from './request-message.ts';
import { goodToken } from './use-message-secret.ts';

export interface Claim {
  requester: Requester;
  username: string;
  password: string;
  /** Of the link that was mailed; without it one is mailed. */
  token: string | undefined;
  cause: Cause;
}

/**
 * The account, or undefined where a link was requested. Whether the address is taken is said only to who has shown to read its mailbox.
 * Refuses with `account_claimed`, `username_taken`, `email_taken`, `password_weak`, `secret_invalid`, `token_invalid`, `overloaded`.
 */
export async function claimAccount(ctx: UsersContext, claim: Claim): Promise<User | undefined> {
  const { requester, username, password, token } = claim;
  const { user_id } = requester;
  await readActor(ctx, requester);
  const guest = await checkGuest(ctx.db, await findAccount(ctx.db, user_id));
  await checkNewPassword(ctx, password, { ...guest, username });
  // Only to spare the hash: a concurrent registration is refused by the index.
  if ((await findTaken(ctx.db, username, '')).username) throw refusal('username_taken');
  if (token === undefined) return requestLink(ctx, claim);
  await checkLink(ctx, ctx.db, token, user_id);
  const account = await openFor(ctx, { ...claim, token }, await hashPassword(ctx, password));
  await forgetCachedUser(ctx, user_id);
  return presentUser(account);
}

async function requestLink(ctx: UsersContext, { requester, cause }: Claim): Promise<undefined> {
  await ctx.db.transaction(async (tx) => {
    const { account } = await lockActor(ctx, tx, requester, { user_id: requester.user_id });
    await requestMessage(ctx, tx, await checkGuest(tx, account), 'verify_email', cause);
  });
  return undefined;
}

function openFor(ctx: UsersContext, claim: Claim & { token: string }, password_hash: string): Promise<Account> {
  const { requester, username, token, cause } = claim;
  const { user_id } = requester;
  return ctx.db.transaction(async (tx) => {
    const { account } = await lockActor(ctx, tx, requester, { user_id });
    const before = await checkGuest(tx, account);
    await checkLink(ctx, tx, token, user_id);
    const after = decideClaim(before, { username, password_hash }, timestamp(ctx.clock.now()));
    await saveAccount(tx, after);
    await endMessageTokens(tx, user_id, undefined, after.updated_at);
    await ctx.outbox.append(tx, [accountUpdated(after, [], cause)]);
    tx.onCommit(() => {
      emailVerified(ctx, doingOf(requester, user_id));
      passwordChanged(ctx, 'owner', doingOf(requester, user_id));
    });
    return after;
  });
}

/** The link of another guest is none. */
async function checkLink(ctx: UsersContext, db: Queryable, token: string, user_id: string): Promise<void> {
  const { user_id: mailed_to } = await goodToken(ctx, db, token, 'verify_email');
  if (mailed_to !== user_id) throw refusal('secret_invalid');
}

async function checkGuest(db: Queryable, account: Account | undefined): Promise<Account> {
  if (account === undefined || account.erased_at !== null) throw refusal('token_invalid', 'This account is not there any more.');
  if (account.kind !== 'guest' || (await isLinked(db, account.id))) throw refusal('account_claimed');
  return account;
}
