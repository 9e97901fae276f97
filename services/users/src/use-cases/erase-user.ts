import { refusal, userDeleted } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { type Cause, draft } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import { checkIfMatch } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { type Account, checkMayChange, checkMaySee, eraseAccount, notFound } from '../domain/account.ts';
import type { Requester } from '../domain/requester.ts';
import { accountErased, doingOf } from '../events.ts';
import { findAccount, lockAccounts, saveAccount } from '../store/accounts.ts';
import { removeAddressesOf } from '../store/addresses.ts';
import { removeKeysOf } from '../store/api-keys.ts';
import { linkedGuests } from '../store/guests.ts';
import { endMessageTokens } from '../store/message-tokens.ts';
import { removeSecondFactor } from '../store/second-factors.ts';
import { endSessions } from '../store/sessions.ts';
import { forgetCachedUser } from './get-user.ts';
import { noteStaffAction } from './note-staff-action.ts';
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
 * Erases everything personal of an account and of the guests it has linked, and ends their sessions and API keys; once more changes
 * nothing. Owners prove it by their password; a guest has none, and only the session.
 * Refuses with `last_admin`, `password_wrong`, `token_invalid`, `login_throttled`, `overloaded`.
 */
export async function eraseUser(ctx: UsersContext, request: EraseRequest): Promise<void> {
  const { requester, user_id, current_password, if_match } = request;
  checkMaySee(await readActor(ctx, requester), { id: user_id });
  const isGuest = (await findAccount(ctx.db, user_id))?.kind === 'guest';
  const needsProof = requester.user_id === user_id && !isGuest;
  const proven = needsProof ? await provePassword(ctx, requester, current_password) : undefined;
  const erased = await ctx.db.transaction(async (tx) => {
    const { actor, account, admins } = await lockActor(ctx, tx, requester, { user_id, admins: true });
    checkMaySee(actor, { id: user_id });
    if (account === undefined) throw notFound();
    if (account.erased_at !== null) return [];
    checkMayChange(actor, account);
    if (proven !== undefined) checkStillProven(proven, account);
    // The guest has got a password meanwhile.
    else if (isGuest && requester.user_id === user_id && account.kind !== 'guest') throw refusal('password_wrong');
    checkIfMatch({ if_match }, account.version);
    await eraseOne(ctx, tx, account, admins, request);
    if (requester.user_id !== user_id) await noteStaffAction(ctx, tx, requester, { action: 'account_erased', user_id });
    const guests = await linkedGuests(tx, user_id);
    const { find } = await lockAccounts(tx, guests, { admins: false });
    for (const id of guests) {
      const guest = find(id);
      if (guest !== undefined && guest.erased_at === null) await eraseOne(ctx, tx, guest, admins, request);
    }
    return guests;
  });
  for (const id of [user_id, ...erased]) await forgetCachedUser(ctx, id);
}

async function eraseOne(ctx: UsersContext, tx: Tx, account: Account, admins: number, { requester, cause }: EraseRequest): Promise<void> {
  const { id: user_id } = account;
  const erased = eraseAccount(account, admins, timestamp(ctx.clock.now()));
  await saveAccount(tx, erased);
  await Promise.all([
    removeAddressesOf(tx, user_id),
    endSessions(tx, user_id),
    removeKeysOf(tx, user_id),
    removeSecondFactor(tx, user_id),
    endMessageTokens(tx, user_id, undefined, erased.updated_at),
    ctx.outbox.append(tx, [draft(userDeleted, { user_id, user_version: erased.version }, cause)]),
  ]);
  tx.onCommit(() => accountErased(ctx, doingOf(requester, user_id)));
}
