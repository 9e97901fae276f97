import { refusal, type User } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import type { UsersContext } from '../context.ts';
import { findTaken } from '../store/accounts.ts';
import { hashPassword } from './hash-password.ts';
import { openAccount, type RegistrationSource } from './open-account.ts';
import { presentUser } from './present-user.ts';

export interface Registration {
  username: string;
  email: string;
  full_name: string;
  phone?: string | undefined;
  password: string;
}

/** Opens the account of a customer. Refuses with `username_taken`, `email_taken`, `overloaded`. */
export async function registerUser(ctx: UsersContext, wish: Registration, source: RegistrationSource, cause: Cause): Promise<User> {
  // Only to spare the hash: whoever comes at the same moment is told by the index.
  const taken = await findTaken(ctx.db, wish.username, wish.email);
  if (taken.username) throw refusal('username_taken');
  if (taken.email) throw refusal('email_taken');
  const { password, ...person } = wish;
  const password_hash = await hashPassword(ctx, password);
  const wanted = { ...person, role: 'customer' as const, email_verified: false, password_hash };
  return presentUser(await ctx.db.transaction((tx) => openAccount(ctx, tx, wanted, source, cause)));
}
