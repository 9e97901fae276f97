/** How people set up an authenticator app, and how it is removed. */
import { refusal, type SecondFactor } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { UsersContext } from '../context.ts';
import { notFound } from '../domain/account.ts';
import { checkRole, type Requester } from '../domain/requester.ts';
import { needsSecondFactor } from '../domain/second-factor.ts';
import { doingOf, secondFactorChanged, signInRefused } from '../events.ts';
import { findAccount } from '../store/accounts.ts';
import {
  countRecoveryCodes,
  findSecondFactor,
  lockSecondFactor,
  removeSecondFactor,
  replaceRecoveryCodes,
  saveConfirmation,
  saveEnrolment,
} from '../store/second-factors.ts';
import { endSessions } from '../store/sessions.ts';
import { noteStaffAction } from './note-staff-action.ts';
import { checkStillProven, provePassword } from './prove-password.ts';
import { lockActor, readActor } from './read-actor.ts';
import { checkThrottle, noteFailure, subjectsOf } from './throttle-login.ts';
import { useAppCode } from './use-second-factor.ts';

export async function getSecondFactor(ctx: UsersContext, requester: Requester): Promise<SecondFactor> {
  const { user_id } = await readActor(ctx, requester);
  const [account, factor, recovery_codes_left] = await Promise.all([
    findAccount(ctx.db, user_id),
    findSecondFactor(ctx.db, user_id),
    countRecoveryCodes(ctx.db, user_id),
  ]);
  const status = factor === undefined ? 'disabled' : factor.confirmed_at === null ? 'pending' : 'enabled';
  const required = account !== undefined && needsSecondFactor(account.role, ctx.config.second_factor_required);
  return { status, required, recovery_codes_left };
}

/** A new secret, shown once; it counts when it is confirmed. Refuses with `password_wrong`, `second_factor_enabled`, `login_throttled`. */
export async function enrolSecondFactor(
  ctx: UsersContext,
  requester: Requester,
  current_password: string,
): Promise<{ secret: string; otpauth_uri: string }> {
  const { user_id } = await readActor(ctx, requester);
  const proven = await provePassword(ctx, requester, current_password);
  const secret = ctx.codes.newSecret();
  const sealed_secret = ctx.digests.seal('second factors', secret);
  return ctx.db.transaction(async (tx) => {
    const { account } = await lockActor(ctx, tx, requester, { user_id });
    if (account === undefined) throw notFound();
    checkStillProven(proven, account);
    const known = await lockSecondFactor(tx, user_id);
    if (known !== undefined && known.confirmed_at !== null) throw refusal('second_factor_enabled');
    await saveEnrolment(tx, { user_id, sealed_secret, created_at: timestamp(ctx.clock.now()) });
    tx.onCommit(() => secondFactorChanged(ctx, 'enrolled', doingOf(requester, user_id)));
    return ctx.codes.describe(secret, account.username);
  });
}

/** From now on a code is asked for; other sessions end. Answers the recovery codes, of which only digests are kept. */
export async function confirmSecondFactor(ctx: UsersContext, requester: Requester, code: string): Promise<string[]> {
  const { user_id, client_address } = requester;
  const subjects = subjectsOf(ctx, { user_id, login: user_id }, client_address);
  await checkThrottle(ctx, subjects);
  const recovery_codes = ctx.codes.newRecoveryCodes();
  const confirmed = await ctx.db.transaction(async (tx) => {
    await lockActor(ctx, tx, requester, { user_id });
    const factor = await lockSecondFactor(tx, user_id);
    if (factor === undefined) throw refusal('second_factor_absent');
    if (factor.confirmed_at !== null) throw refusal('second_factor_enabled');
    if (!(await useAppCode(ctx, tx, user_id, code))) return false;
    await saveConfirmation(tx, user_id, timestamp(ctx.clock.now()));
    await replaceRecoveryCodes(tx, user_id, recovery_codes.map(ctx.codes.recoveryHash));
    await endSessions(tx, user_id, requester.session_id);
    tx.onCommit(() => secondFactorChanged(ctx, 'confirmed', doingOf(requester, user_id)));
    return true;
  });
  if (confirmed) return recovery_codes;
  await noteFailure(ctx, subjects);
  signInRefused(ctx, 'second_factor_invalid', { ...requester });
  throw refusal('second_factor_invalid');
}

/** Refuses with `password_wrong`, `login_throttled`; where there is none nothing changes. */
export async function disableSecondFactor(ctx: UsersContext, requester: Requester, current_password: string): Promise<void> {
  const { user_id } = await readActor(ctx, requester);
  const proven = await provePassword(ctx, requester, current_password);
  await ctx.db.transaction(async (tx) => {
    const { account } = await lockActor(ctx, tx, requester, { user_id });
    if (account === undefined) throw notFound();
    checkStillProven(proven, account);
    if (await removeSecondFactor(tx, user_id)) tx.onCommit(() => secondFactorChanged(ctx, 'disabled', doingOf(requester, user_id)));
  });
}

/** For a user who has lost the app and the recovery codes: an administrator removes it. One's own is disabled by the password instead. */
export async function resetSecondFactor(ctx: UsersContext, requester: Requester, user_id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { actor, account } = await lockActor(ctx, tx, requester, { user_id });
    checkRole(actor, 'admin');
    if (account === undefined || account.erased_at !== null) throw notFound();
    if (actor.user_id === user_id) throw refusal('forbidden', 'Disable your own second factor with your password.');
    if (!(await removeSecondFactor(tx, user_id))) return;
    await noteStaffAction(ctx, tx, requester, { action: 'second_factor_reset', user_id });
    tx.onCommit(() => secondFactorChanged(ctx, 'reset_by_admin', doingOf(requester, user_id)));
  });
}
