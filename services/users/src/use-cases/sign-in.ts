import { refusal, type TokenPair } from '@souk/contracts';
import type { UsersContext } from '../context.ts';
import type { Account } from '../domain/account.ts';
import { type Doing, type SignInFault, signInEnded, signInRefused, signInSucceeded } from '../events.ts';
import { findAccountByLogin, lockAccount, replaceHash } from '../store/accounts.ts';
import { findSecondFactor } from '../store/second-factors.ts';
import { issueTokens } from './issue-tokens.ts';
import { newSession, openSession } from './open-session.ts';
import { checkThrottle, forgetLoginFailures, type LoginSubjects, noteFailure, subjectsOf } from './throttle-login.ts';
import { useSignInCode } from './use-second-factor.ts';

export interface Credentials {
  login: string;
  password: string;
  /** Of the authenticator app, or a recovery code. */
  code?: string | undefined;
}

/** Where a sign-in comes from. */
export interface Origin {
  client_address: string;
  correlation_id: string;
}

/**
 * Begins a session. Refuses with `login_failed`, `login_throttled`, `second_factor_required`, `second_factor_invalid`,
 * `overloaded`.
 */
export async function signIn(ctx: UsersContext, credentials: Credentials, origin: Origin): Promise<TokenPair> {
  const known = await findAccountByLogin(ctx.db, credentials.login);
  const subjects = subjectsOf(ctx, { user_id: known?.id, login: credentials.login }, origin.client_address);
  // Once before queueing, so that a throttled request takes no place; once more in turn, when those before have failed or not.
  await checkThrottle(ctx, subjects);
  const account = await ctx.hashing.run(() => checkCredentials(ctx, credentials, subjects, origin));
  const tokens = await beginSession(ctx, account, subjects);
  signInSucceeded(ctx, { user_id: account.id, ...origin });
  return tokens;
}

async function checkCredentials(ctx: UsersContext, credentials: Credentials, subjects: LoginSubjects, origin: Origin): Promise<Account> {
  const { login, password, code } = credentials;
  const { failedBefore } = await checkThrottle(ctx, subjects);
  const account = await findAccountByLogin(ctx.db, login);
  const { matches, outdated } = await ctx.passwords.verify(password, account?.password_hash);
  if (account === undefined || !matches) {
    await failed(ctx, subjects, account === undefined ? 'name_unknown' : 'password_wrong', { user_id: account?.id, ...origin });
    throw refusal('login_failed');
  }
  await checkSecondFactor(ctx, account, code, subjects, origin);
  if (failedBefore) await forgetLoginFailures(ctx, subjects);
  if (outdated) await replaceHash(ctx.db, account.id, account.password_hash, await ctx.passwords.hash(password));
  return account;
}

/** Only who knows the password learns that a code is wanted. A wrong code is a failed sign-in like a wrong password. */
async function checkSecondFactor(
  ctx: UsersContext,
  { id: user_id }: Account,
  code: string | undefined,
  subjects: LoginSubjects,
  origin: Origin,
): Promise<void> {
  const factor = await findSecondFactor(ctx.db, user_id);
  if (factor === undefined || factor.confirmed_at === null) return;
  if (code === undefined) {
    signInRefused(ctx, 'second_factor_required', { user_id, ...origin });
    throw refusal('second_factor_required');
  }
  if (await useSignInCode(ctx, user_id, code, origin)) return;
  await failed(ctx, subjects, 'second_factor_invalid', { user_id, ...origin });
  throw refusal('second_factor_invalid');
}

async function failed(ctx: UsersContext, subjects: LoginSubjects, cause: SignInFault, doing: Doing): Promise<void> {
  await noteFailure(ctx, subjects);
  signInEnded(ctx, 'failed');
  signInRefused(ctx, cause, doing);
}

async function beginSession(ctx: UsersContext, checked: Account, { network }: LoginSubjects): Promise<TokenPair> {
  const { id, token, token_hash } = newSession(ctx);
  const claims = await ctx.db.transaction(async (tx) => {
    const account = await lockAccount(tx, checked.id);
    if (account === undefined || isOvertaken(checked, account)) throw refusal('login_failed');
    return openSession(ctx, tx, account, { id, token_hash, network });
  });
  return issueTokens(ctx, claims, token);
}

/** The password was changed, or the account erased, while this one was being checked. A newer hash of the same password changes no version. */
function isOvertaken(checked: Account, account: Account): boolean {
  return account.erased_at !== null || (account.password_hash !== checked.password_hash && account.version !== checked.version);
}
