import { userRegistered } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { type Cause, draft } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import type { Account } from '../domain/account.ts';
import { accountOpened } from '../events.ts';
import { insertAccount } from '../store/accounts.ts';
import { registrationEventId } from './republish-users.ts';
import { requestMessage } from './request-message.ts';

export type RegistrationSource = 'api' | 'staff' | 'sample' | 'guest';
export type NewAccount = Pick<Account, 'username' | 'email' | 'full_name' | 'role' | 'email_verified' | 'password_hash'> & {
  phone?: string | undefined;
  /** Default: one that can be signed in to. */
  kind?: Account['kind'];
};

/** Writes a new account and publishes it; an address that is not verified gets a link. Refuses with `username_taken`, `email_taken`. */
export async function openAccount(
  ctx: UsersContext,
  tx: Tx,
  wanted: NewAccount,
  source: RegistrationSource,
  cause: Cause,
): Promise<Account> {
  const now = timestamp(ctx.clock.now());
  const { phone, kind = 'registered', ...rest } = wanted;
  const account: Account = {
    ...rest,
    phone: phone ?? null,
    kind,
    id: ctx.ids.uuid(),
    version: 1,
    erased_at: null,
    created_at: now,
    updated_at: now,
  };
  const { id: user_id, username, email, full_name } = account;
  await insertAccount(tx, account);
  const known = { user_id, username, email, email_verified: account.email_verified, full_name };
  const registered = { ...known, ...(phone === undefined ? {} : { phone }), registration_source: source };
  await ctx.outbox.append(tx, [draft(userRegistered, registered, cause, registrationEventId(user_id))]);
  // A guest gets a link when the account is claimed, not before.
  if (!account.email_verified && kind === 'registered') await requestMessage(ctx, tx, account, 'verify_email', cause);
  tx.onCommit(() => accountOpened(ctx, user_id, source));
  return account;
}
