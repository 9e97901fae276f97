import { refusal, type User } from '@souk/contracts';
import type { UsersContext } from '../context.ts';
import { checkMaySee, notFound } from '../domain/account.ts';
import type { Requester } from '../domain/requester.ts';
import { findAccount, userKey } from '../store/accounts.ts';
import { presentUser } from './present-user.ts';
import { readActor } from './read-actor.ts';

const ttlMs = 60_000;
/** While the database is away, an answer this old is better than none. */
const staleMs = 600_000;

/** An account, for its owner and for staff. Refuses with `not_found`, `token_invalid`. */
export async function getUser(ctx: UsersContext, requester: Requester, user_id: string): Promise<User> {
  checkMaySee(await readActor(ctx, requester), { id: user_id });
  const user = await cachedUser(ctx, user_id);
  if (user === undefined) throw notFound();
  return user;
}

/** The requester's own account. Refuses with `token_invalid` when the session or the account has ended. */
export async function getMe(ctx: UsersContext, requester: Requester): Promise<User> {
  await readActor(ctx, requester);
  const user = await cachedUser(ctx, requester.user_id);
  if (user === undefined) throw refusal('token_invalid', 'This account is not there any more.');
  return user;
}

/** For a caller that has changed an account and committed it. */
export async function forgetCachedUser(ctx: UsersContext, user_id: string): Promise<void> {
  await ctx.cache.invalidate({ keys: [userKey(user_id)] });
}

function cachedUser(ctx: UsersContext, user_id: string): Promise<User | undefined> {
  return ctx.cache.getOrLoad<User | undefined>(userKey(user_id), {
    ttl_ms: ttlMs,
    stale_ms: staleMs,
    load: async () => {
      const account = await findAccount(ctx.db, user_id);
      return account && presentUser(account);
    },
  });
}
