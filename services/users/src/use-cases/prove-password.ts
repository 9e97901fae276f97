/** The owner of an account proves it once more by the password: a stolen access token is not enough to take the account over. */
import { refusal } from '@souk/contracts';
import type { UsersContext } from '../context.ts';
import type { Account } from '../domain/account.ts';
import type { Requester } from '../domain/requester.ts';
import { signInRefused } from '../events.ts';
import { findAccount } from '../store/accounts.ts';
import { checkThrottle, forgetLoginFailures, noteFailure, subjectsOf } from './throttle-login.ts';

/** The hash a password was proved against: what is done because of it must find the same hash again, under the lock. */
export interface ProvenPassword {
  password_hash: string;
}

/**
 * Wrong ones count as failed sign-ins. Never within a transaction. Refuses with `validation_failed` when there is none,
 * `password_wrong`, `login_throttled`, `overloaded`.
 */
export async function provePassword(ctx: UsersContext, requester: Requester, password: string | undefined): Promise<ProvenPassword> {
  if (password === undefined) throw passwordMissing();
  const { user_id, client_address } = requester;
  const subjects = subjectsOf(ctx, { user_id, login: user_id }, client_address);
  await checkThrottle(ctx, subjects);
  return ctx.hashing.run(async () => {
    const { failedBefore } = await checkThrottle(ctx, subjects);
    const account = await findAccount(ctx.db, user_id);
    const { matches } = await ctx.passwords.verify(password, account?.password_hash);
    if (account === undefined || !matches) {
      await noteFailure(ctx, subjects);
      signInRefused(ctx, 'current_password_wrong', requester);
      throw refusal('password_wrong');
    }
    if (failedBefore) await forgetLoginFailures(ctx, subjects);
    return { password_hash: account.password_hash };
  });
}

/** Refuses with `password_wrong` when the password has changed since it was proved. */
export function checkStillProven(proven: ProvenPassword, account: Pick<Account, 'password_hash'>): void {
  if (proven.password_hash !== account.password_hash) throw refusal('password_wrong', 'The password has just been changed.');
}

function passwordMissing() {
  const detail = 'is missing: the owner of an account proves it by the password';
  return refusal('validation_failed', `current_password ${detail}.`, { errors: [{ pointer: '/current_password', detail }] });
}
