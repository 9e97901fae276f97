/** Counts failed sign-ins and refuses the next ones for a while, alike for accounts that exist and those that do not. */
import { refusal } from '@souk/contracts';
import type { UsersConfig } from '../config.ts';
import type { UsersContext } from '../context.ts';
import { failAccount, failAddress, networkOf, type ThrottleLimits, waitMs } from '../domain/login-throttle.ts';
import { signInEnded } from '../events.ts';
import { type FailureScope, findFailures, forgetFailures, type KeptFailure, lockFailures, saveFailure } from '../store/login-failures.ts';

/** Whose failures are counted: keyed digests of the login name and of the client's network. */
export interface LoginSubjects {
  account: string;
  address: string;
}

export function subjectsOf({ seals }: UsersContext, login: string, client_address: string): LoginSubjects {
  return { account: accountSubject({ seals }, login), address: seals.sign('login address', networkOf(client_address)) };
}

/** Refuses with `login_throttled`; answers whether there are failures to be forgotten after a success. */
export async function checkThrottle(ctx: UsersContext, { account, address }: LoginSubjects): Promise<{ failedBefore: boolean }> {
  const records = await findFailures(ctx.db, account, address);
  const wait_ms = waitMs(records, ctx.clock.now());
  if (wait_ms > 0) {
    signInEnded(ctx, 'throttled');
    throw refusal('login_throttled', 'Too many sign-ins have failed; wait before the next one.', {
      retry_after_s: Math.ceil(wait_ms / 1_000),
    });
  }
  return { failedBefore: records.some(({ scope }) => scope === 'account') };
}

export async function noteFailure(ctx: UsersContext, { account, address }: LoginSubjects): Promise<void> {
  const limits = limitsOf(ctx.config);
  await ctx.db.transaction(async (tx) => {
    const now_ms = ctx.clock.now();
    const records = await lockFailures(tx, account, address);
    const of = (scope: FailureScope): KeptFailure | undefined => records.find((record) => record.scope === scope);
    await Promise.all([
      saveFailure(tx, 'address', address, failAddress(of('address'), now_ms, limits)),
      saveFailure(tx, 'account', account, failAccount(of('account'), now_ms, limits)),
    ]);
  });
}

/** After a success, and after a new password was set: this login name starts anew. */
export async function forgetLoginFailures(ctx: UsersContext, logins: readonly string[]): Promise<void> {
  await Promise.all(logins.map((login) => forgetFailures(ctx.db, 'account', accountSubject(ctx, login))));
}

function accountSubject({ seals }: Pick<UsersContext, 'seals'>, login: string): string {
  return seals.sign('login name', login.toLowerCase());
}

function limitsOf(config: UsersConfig): ThrottleLimits {
  return {
    account_failures_max: config.login_failures_max,
    wait_ms_first: config.login_wait_ms_first,
    wait_ms_max: config.login_wait_ms_max,
    account_memory_ms: config.login_memory_ms,
    address_failures_max: config.login_address_failures_max,
    address_window_ms: config.login_address_window_ms,
  };
}
