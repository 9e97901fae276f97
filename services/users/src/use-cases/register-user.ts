import { refusal, type User } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import type { UsersContext } from '../context.ts';
import { unusableHash } from '../domain/account.ts';
import { keptEmail } from '../domain/login-name.ts';
import type { Requester } from '../domain/requester.ts';
import { findTaken } from '../store/accounts.ts';
import { checkNewPassword, isWeakPassword } from './check-password.ts';
import { hashPassword } from './hash-password.ts';
import { openAccount } from './open-account.ts';
import { presentUser } from './present-user.ts';
import { readActor } from './read-actor.ts';
import { requestMessage } from './request-message.ts';

export interface Registration {
  username: string;
  email: string;
  full_name: string;
  phone?: string | undefined;
  password: string;
}

/**
 * Opens the account of a customer. A guessable password that staff chose for a customer is not kept: the person gets a link to set
 * one (ADR 27). Refuses with `username_taken`, `email_taken`, `password_weak`, `token_invalid`, `overloaded`.
 */
export async function registerUser(
  ctx: UsersContext,
  registration: Registration,
  requester: Requester | undefined,
  cause: Cause,
): Promise<User> {
  const byStaff = requester !== undefined && (await readActor(ctx, requester)).role !== 'customer';
  const { password, ...person } = { ...registration, email: keptEmail(registration.email) };
  // Only to spare the hash: a concurrent registration is refused by the index.
  const taken = await findTaken(ctx.db, person.username, person.email);
  if (taken.username) throw refusal('username_taken');
  if (taken.email) throw refusal('email_taken');
  const notKept = byStaff && (await isWeakPassword(ctx, password, person));
  if (!byStaff) await checkNewPassword(ctx, password, person);
  const password_hash = notKept ? unusableHash : await hashPassword(ctx, password);
  const wanted = { ...person, role: 'customer' as const, email_verified: false, password_hash };
  const account = await ctx.db.transaction(async (tx) => {
    const opened = await openAccount(ctx, tx, wanted, byStaff ? 'staff' : 'api', cause);
    if (notKept) await requestMessage(ctx, tx, opened, 'password_reset', cause);
    return opened;
  });
  return presentUser(account);
}
