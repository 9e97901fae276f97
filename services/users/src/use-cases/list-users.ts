import type { User } from '@souk/contracts';
import { inOrderOf } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { checkRole, type Requester } from '../domain/requester.ts';
import { type AccountListing, findAccounts, listAccounts } from '../store/accounts.ts';
import { presentUser } from './present-user.ts';
import { readActor } from './read-actor.ts';

/** A page of accounts, newest first, and the id to go on from; for accounts that are staff at this moment. Refuses with `forbidden`, `token_invalid`. */
export async function listUsers(
  ctx: UsersContext,
  requester: Requester,
  listing: AccountListing,
): Promise<{ users: User[]; next: string | undefined }> {
  checkRole(await readActor(ctx, requester), 'staff');
  const rows = await listAccounts(ctx.db, { ...listing, limit: listing.limit + 1 });
  const users = rows.slice(0, listing.limit).map(presentUser);
  return { users, next: rows.length > listing.limit ? users.at(-1)?.id : undefined };
}

/** The accounts with these ids; erased and unknown ones are left out. Refuses as `listUsers` does. */
export async function getUsers(ctx: UsersContext, requester: Requester, ids: readonly string[]): Promise<User[]> {
  checkRole(await readActor(ctx, requester), 'staff');
  const accounts = await findAccounts(ctx.db, ids);
  return inOrderOf(ids, accounts.map(presentUser), ({ id }) => id);
}
