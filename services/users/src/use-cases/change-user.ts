import type { User } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import { checkIfMatch } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import {
  type Account,
  type AccountChange,
  type Actor,
  checkMayChange,
  checkRegistered,
  notFound,
  type Revision,
  reviseAccount,
} from '../domain/account.ts';
import { keptEmail } from '../domain/login-name.ts';
import type { Requester } from '../domain/requester.ts';
import { doingOf, emailChanged, passwordChanged } from '../events.ts';
import { findAccount, saveAccount } from '../store/accounts.ts';
import { endMessageTokens } from '../store/message-tokens.ts';
import { endSessions } from '../store/sessions.ts';
import { accountUpdated } from './account-updated.ts';
import { checkNewPassword } from './check-password.ts';
import { forgetCachedUser } from './get-user.ts';
import { hashPassword } from './hash-password.ts';
import { noteStaffAction } from './note-staff-action.ts';
import { presentUser } from './present-user.ts';
import { checkStillProven, type ProvenPassword, provePassword } from './prove-password.ts';
import { lockActor, readActor } from './read-actor.ts';
import { requestMessage } from './request-message.ts';

export interface ChangeRequest {
  requester: Requester;
  user_id: string;
  change: Omit<AccountChange, 'password_hash'> & { password?: string | undefined; current_password?: string | undefined };
  /** If-Match of the request. */
  if_match: string | undefined;
  cause: Cause;
}

/**
 * Changes an account. Another address must be verified again; another address or password needs the present password of the owner
 * who asks, and ends all other sessions. Refuses with `not_found`, `forbidden`, `token_invalid`, `precondition_failed`,
 * `password_wrong`, `password_weak`, `username_taken`, `email_taken`, `login_throttled`, `overloaded`.
 */
export async function changeUser(ctx: UsersContext, request: ChangeRequest): Promise<User> {
  const { requester, user_id } = request;
  const before = checkRequest(request, await readActor(ctx, requester), await findAccount(ctx.db, user_id));
  const { password, current_password, ...rest } = request.change;
  if (isOfAccount(request)) checkRegistered(before);
  const wanted = rest.email === undefined ? rest : { ...rest, email: keptEmail(rest.email) };
  const isOwner = requester.user_id === user_id;
  const proven = isOwner && needsProof(before, wanted.email, password) ? await provePassword(ctx, requester, current_password) : undefined;
  if (password !== undefined) await checkNewPassword(ctx, password, { ...before, ...withoutGaps(wanted) });
  const change: AccountChange = password === undefined ? wanted : { ...wanted, password_hash: await hashPassword(ctx, password) };
  const revision = await ctx.db.transaction(async (tx) => {
    const locked = await lockActor(ctx, tx, requester, { user_id });
    const account = checkRequest(request, locked.actor, locked.account);
    checkProof(account, change, { isOwner, proven });
    const decided = reviseAccount(account, change, timestamp(ctx.clock.now()));
    if (decided.changed.length > 0) await saveRevision(ctx, tx, decided, request);
    return decided;
  });
  if (revision.changed.length > 0) await forgetCachedUser(ctx, user_id);
  return presentUser(revision.account);
}

function checkRequest({ user_id, if_match }: ChangeRequest, actor: Actor, account: Account | undefined): Account {
  if (account === undefined || account.erased_at !== null) throw notFound();
  checkMayChange(actor, { id: user_id, role: account.role });
  checkIfMatch({ if_match }, account.version);
  return account;
}

/** The name and the password are those of a sign-in, and the address of a guest is typed once. Staff may correct an address. */
function isOfAccount({ requester, user_id, change }: ChangeRequest): boolean {
  const { username, password, email } = change;
  return username !== undefined || password !== undefined || (email !== undefined && requester.user_id === user_id);
}

function needsProof(account: Account, email: string | undefined, password: string | undefined): boolean {
  return password !== undefined || (email !== undefined && email !== account.email);
}

/** What was proved, or needed no proof, is looked at again on the locked row: another request may have come between. */
function checkProof(
  account: Account,
  { email, password_hash }: AccountChange,
  { isOwner, proven }: { isOwner: boolean; proven: ProvenPassword | undefined },
): void {
  if (isOwner && needsProof(account, email, password_hash)) checkStillProven(proven ?? { password_hash: '' }, account);
}

async function saveRevision(
  ctx: UsersContext,
  tx: Tx,
  { account, changed, mailboxChanged }: Revision,
  { requester, cause }: ChangeRequest,
): Promise<void> {
  const doing = doingOf(requester, account.id);
  const isOwner = requester.user_id === account.id;
  await saveAccount(tx, account);
  await ctx.outbox.append(tx, [accountUpdated(account, changed, cause)]);
  // Names of columns only; the hash is called what people change by it.
  const object = changed.map((name) => name.replace('_hash', '')).join(', ');
  if (!isOwner) await noteStaffAction(ctx, tx, requester, { action: 'account_changed', user_id: account.id, object });
  if (mailboxChanged) {
    await endMessageTokens(tx, account.id, undefined, account.updated_at);
    if (account.kind === 'registered') await requestMessage(ctx, tx, account, 'verify_email', cause);
    tx.onCommit(() => emailChanged(ctx, doing));
  }
  if (changed.includes('password_hash')) {
    await endMessageTokens(tx, account.id, 'password_reset', account.updated_at);
    tx.onCommit(() => passwordChanged(ctx, isOwner ? 'owner' : 'staff', doing));
  }
  if (mailboxChanged || changed.includes('password_hash')) await endSessions(tx, account.id, isOwner ? requester.session_id : undefined);
}

function withoutGaps<T extends object>(values: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null)) as never;
}
