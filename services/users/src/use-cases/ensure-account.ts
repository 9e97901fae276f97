import type { UsersContext } from '../context.ts';
import type { AccountRole } from '../domain/account.ts';
import { findAccountByLogin } from '../store/accounts.ts';
import { hashPassword } from './hash-password.ts';
import { openAccount } from './open-account.ts';

export interface WantedAccount {
  username: string;
  email: string;
  full_name: string;
  password: string;
  role: AccountRole;
}

/** Opens an account that a platform has from its first start; one that is there stays as it is. Answers its id. */
export async function ensureAccount(ctx: UsersContext, { password, ...person }: WantedAccount): Promise<string> {
  const known = await findAccountByLogin(ctx.db, person.username);
  if (known !== undefined) return known.id;
  const wanted = { ...person, email_verified: true, password_hash: await hashPassword(ctx, password) };
  const cause = { correlation_id: ctx.ids.uuid(), actor: 'system' };
  try {
    return (await ctx.db.transaction((tx) => openAccount(ctx, tx, wanted, 'staff', cause))).id;
  } catch (error) {
    // Another process was quicker; that is as good.
    const made = await findAccountByLogin(ctx.db, person.username);
    if (made === undefined) throw error;
    return made.id;
  }
}
