import { refusal, type TokenPair } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { UsersContext } from '../context.ts';
import type { Account } from '../domain/account.ts';
import { sessionEndMs } from '../domain/session.ts';
import { signInEnded } from '../events.ts';
import { findAccountByLogin, lockAccount, replaceHash } from '../store/accounts.ts';
import { insertSession } from '../store/sessions.ts';
import { issueTokens } from './issue-tokens.ts';
import { makeRefreshToken } from './refresh-token.ts';
import { checkThrottle, forgetLoginFailures, type LoginSubjects, noteFailure, subjectsOf } from './throttle-login.ts';

export interface Credentials {
  login: string;
  password: string;
}

/** Begins a session. Refuses with `login_failed`, `login_throttled`, `overloaded`. */
export async function signIn(ctx: UsersContext, credentials: Credentials, client_address: string): Promise<TokenPair> {
  const subjects = subjectsOf(ctx, credentials.login, client_address);
  // Once before queueing, so that whoever is throttled takes no place; once more in turn, when those before have failed or not.
  await checkThrottle(ctx, subjects);
  const account = await ctx.lane.run(() => checkPassword(ctx, credentials, subjects));
  const tokens = await beginSession(ctx, account);
  signInEnded(ctx, 'succeeded');
  return tokens;
}

async function checkPassword(ctx: UsersContext, { login, password }: Credentials, subjects: LoginSubjects): Promise<Account> {
  const { failedBefore } = await checkThrottle(ctx, subjects);
  const account = await findAccountByLogin(ctx.db, login);
  const { matches, outdated } = await ctx.passwords.verify(password, account?.password_hash);
  if (account === undefined || !matches) {
    await noteFailure(ctx, subjects);
    signInEnded(ctx, 'failed');
    throw refusal('login_failed');
  }
  if (failedBefore) await forgetLoginFailures(ctx, [login]);
  if (outdated) await replaceHash(ctx.db, account.id, account.password_hash, await ctx.passwords.hash(password));
  return account;
}

async function beginSession(ctx: UsersContext, checked: Account): Promise<TokenPair> {
  const { clock, config, ids } = ctx;
  const id = ids.uuid();
  const { token, token_hash } = makeRefreshToken(ctx, id);
  const role = await ctx.db.transaction(async (tx) => {
    const account = await lockAccount(tx, checked.id);
    if (account === undefined || isOvertaken(checked, account)) throw refusal('login_failed');
    const now_ms = clock.now();
    const now = timestamp(now_ms);
    const limits = { idle_ms: config.session_idle_ms, lifetime_ms: config.session_lifetime_ms };
    const session = {
      id,
      user_id: account.id,
      token_hash,
      created_at: now,
      renewed_at: now,
      expires_at: timestamp(sessionEndMs(now_ms, now_ms, limits)),
    };
    await insertSession(tx, session, config.sessions_max);
    return account.role;
  });
  return issueTokens(ctx, { user_id: checked.id, role, session_id: id }, token);
}

/** The password was changed, or the account erased, while this one was being checked. A newer hash of the same password changes no version. */
function isOvertaken(checked: Account, account: Account): boolean {
  return account.erased_at !== null || (account.password_hash !== checked.password_hash && account.version !== checked.version);
}
