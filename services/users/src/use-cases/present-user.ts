import type { User } from '@souk/contracts';
import type { Account } from '../domain/account.ts';

/** The account as its contract shows it: never with the hash. */
export function presentUser(account: Account): User {
  const { id, username, email, full_name, phone, role, kind, email_verified, version, created_at, updated_at } = account;
  return { id, username, email, full_name, phone, role, kind, email_verified, version, created_at, updated_at };
}
