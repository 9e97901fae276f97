import { timestamp } from '@souk/kernel';
import type { UsersContext } from '../context.ts';
import { type AccountRole, reviseAccount } from '../domain/account.ts';
import { findAccountByLogin, lockAccount, saveAccount } from '../store/accounts.ts';
import { endSessions } from '../store/sessions.ts';
import { accountUpdated } from './account-updated.ts';
import { forgetCachedUser } from './get-user.ts';
import { hashPassword } from './hash-password.ts';
import { openAccount } from './open-account.ts';

export interface WantedAccount {
  username: string;
  email: string;
  full_name: string;
  password: string;
  role: AccountRole;
}

/**
 * Opens an account that a platform has from its first start; one that is there stays as it is, or, where the platform
 * has lost its password (`renew`), gets this one and loses its sessions. Answers its id.
 */
export async function ensureAccount(ctx: UsersContext, { password, ...person }: WantedAccount, renew = false): Promise<string> {
  const known = await findAccountByLogin(ctx.db, person.username);
  if (known !== undefined) {
    if (renew) await renewPassword(ctx, known.id, password);
    return known.id;
  }
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

async function renewPassword(ctx: UsersContext, user_id: string, password: string): Promise<void> {
  const password_hash = await hashPassword(ctx, password);
  await ctx.db.transaction(async (tx) => {
    const before = await lockAccount(tx, user_id);
    if (before === undefined) return;
    const { account: after } = reviseAccount(before, { password_hash }, timestamp(ctx.clock.now()));
    await saveAccount(tx, after);
    await endSessions(tx, user_id);
    await ctx.outbox.append(tx, [accountUpdated(after, [], { correlation_id: ctx.ids.uuid(), actor: 'system' })]);
  });
  await forgetCachedUser(ctx, user_id);
}
