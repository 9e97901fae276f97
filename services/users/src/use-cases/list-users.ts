import type { User } from '@souk/contracts';
import type { UsersContext } from '../context.ts';
import { type AccountListing, listAccounts } from '../store/accounts.ts';
import { presentUser } from './present-user.ts';

/** A page of accounts, newest first, and the id to go on from. */
export async function listUsers(ctx: UsersContext, listing: AccountListing): Promise<{ users: User[]; next: string | undefined }> {
  const rows = await listAccounts(ctx.db, { ...listing, limit: listing.limit + 1 });
  const users = rows.slice(0, listing.limit).map(presentUser);
  return { users, next: rows.length > listing.limit ? users.at(-1)?.id : undefined };
}
