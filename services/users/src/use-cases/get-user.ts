import { refusal, type User } from '@souk/contracts';
import type { UsersContext } from '../context.ts';
import { type Actor, checkMaySee, notFound } from '../domain/account.ts';
import { findAccount, userKey } from '../store/accounts.ts';
import { presentUser } from './present-user.ts';

const ttlMs = 60_000;
/** While the database is away, an answer this old is better than none. */
const staleMs = 600_000;

/** An account, for its owner and for staff. */
export async function getUser(ctx: UsersContext, actor: Actor, user_id: string): Promise<User> {
  checkMaySee(actor, { id: user_id });
  const user = await cachedUser(ctx, user_id);
  if (user === undefined) throw notFound();
  return user;
}

/** The caller's own account; a token that has outlived it is good for nothing. */
export async function getMe(ctx: UsersContext, user_id: string): Promise<User> {
  const user = await cachedUser(ctx, user_id);
  if (user === undefined) throw refusal('token_invalid', 'This account is not there any more.');
  return user;
}

/** For whoever has changed an account and committed it. */
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
