/** Counts failed sign-ins and refuses the next ones for a while, alike for accounts that exist and those that do not. */
import { refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { UsersConfig } from '../config.ts';
import type { UsersContext } from '../context.ts';
import { loginKey } from '../domain/login-name.ts';
import { failAddress, failGrowing, networkOf, type ThrottleLimits, waitMs } from '../domain/login-throttle.ts';
import { signInEnded, signInRefused } from '../events.ts';
import {
  type FailureScope,
  type FailureSubjects,
  findFailures,
  forgetFailures,
  isKnownNetwork,
  type KeptFailure,
  lockFailures,
  saveFailure,
} from '../store/login-failures.ts';

/** Whose failures are counted: keyed digests of the account, of the client's network, and of both together. */
export interface LoginSubjects extends FailureSubjects {
  /** Undefined where no account has the name. */
  user_id: string | undefined;
  client_address: string;
  /** As sessions keep it. */
  network: string;
}

/** By the id of the account, so that its names are no further tries; by the name where no account has it. */
export function subjectsOf(
  ctx: Pick<UsersContext, 'digests'>,
  { user_id, login }: { user_id: string | undefined; login: string },
  client_address: string,
): LoginSubjects {
  const { digests } = ctx;
  const network = networkOf(client_address);
  const whom = user_id ?? loginKey(login);
  return {
    user_id,
    client_address,
    network: sessionNetwork(ctx, client_address),
    account: digests.sign('login account', whom),
    pair: digests.sign('login pair', `${whom}\0${network}`),
    address: digests.sign('login address', network),
  };
}

/** What a session keeps of the network it is used from. */
export function sessionNetwork({ digests }: Pick<UsersContext, 'digests'>, client_address: string): string {
  return digests.sign('session network', networkOf(client_address));
}

/** Refuses with `login_throttled`; answers whether there are failures to be forgotten after a success. */
export async function checkThrottle(ctx: UsersContext, subjects: LoginSubjects): Promise<{ failedBefore: boolean }> {
  const now_ms = ctx.clock.now();
  const { user_id, network, client_address } = subjects;
  const [records, known] = await Promise.all([
    findFailures(ctx.db, subjects),
    isKnownNetwork(ctx.db, { user_id, network, now: timestamp(now_ms) }),
  ]);
  // Failures from elsewhere do not lock the owner out of where the owner is.
  const counted = known ? records.filter(({ scope }) => scope !== 'account') : records;
  const wait_ms = waitMs(counted, now_ms);
  if (wait_ms > 0) {
    signInEnded(ctx, 'throttled');
    signInRefused(ctx, 'throttled', { user_id, client_address });
    throw refusal('login_throttled', 'Too many sign-ins have failed; wait before the next one.', {
      retry_after_s: Math.ceil(wait_ms / 1_000),
    });
  }
  return { failedBefore: records.some(({ scope }) => scope === 'pair') };
}

export async function noteFailure(ctx: UsersContext, subjects: LoginSubjects): Promise<void> {
  const limits = limitsOf(ctx.config);
  const { pair_failures_max, account_failures_max } = limits;
  await ctx.db.transaction(async (tx) => {
    const now_ms = ctx.clock.now();
    const records = await lockFailures(tx, subjects);
    const of = (scope: FailureScope): KeptFailure | undefined => records.find((record) => record.scope === scope);
    await Promise.all([
      saveFailure(tx, 'pair', subjects.pair, failGrowing(of('pair'), pair_failures_max, now_ms, limits)),
      saveFailure(tx, 'address', subjects.address, failAddress(of('address'), now_ms, limits)),
      saveFailure(tx, 'account', subjects.account, failGrowing(of('account'), account_failures_max, now_ms, limits)),
    ]);
  });
}

/** After a success: this account starts anew from this network. What comes from elsewhere goes on counting. */
export async function forgetLoginFailures(ctx: UsersContext, { pair }: LoginSubjects): Promise<void> {
  await forgetFailures(ctx.db, 'pair', pair);
}

/** After a new password was set by a link: guesses of the old one say nothing about this one. */
export async function forgetAllLoginFailures(ctx: UsersContext, subjects: LoginSubjects): Promise<void> {
  await Promise.all([forgetLoginFailures(ctx, subjects), forgetFailures(ctx.db, 'account', subjects.account)]);
}

function limitsOf(config: UsersConfig): ThrottleLimits {
  return {
    pair_failures_max: config.login_failures_max,
    account_failures_max: config.login_account_failures_max,
    wait_ms_first: config.login_wait_ms_first,
    wait_ms_max: config.login_wait_ms_max,
    account_memory_ms: config.login_memory_ms,
    address_failures_max: config.login_address_failures_max,
    address_window_ms: config.login_address_window_ms,
  };
}
