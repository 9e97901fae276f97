/**
 * Access tokens are verified offline and go on for ten minutes. Here, where accounts and sessions are at hand, no request acts on
 * what a token remembers: the account and the session are read again, and locked where something is changed.
 */
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import type { Account, Actor } from '../domain/account.ts';
import { keyFault } from '../domain/api-key.ts';
import { actingAs, type Requester } from '../domain/requester.ts';
import { actorRefused } from '../events.ts';
import { lockAccounts } from '../store/accounts.ts';
import { findKey } from '../store/api-keys.ts';
import { findRoleOfSession, lockLivingSession } from '../store/sessions.ts';

/** Who reads. A reading has no effect that could outlast a revocation, so nothing is locked. Refuses with `token_invalid`. */
export async function readActor(ctx: UsersContext, requester: Requester): Promise<Actor> {
  const { session_id: id, key_id, user_id } = requester;
  if (key_id !== undefined) return acting(ctx, requester, await roleOfKey(ctx, key_id));
  const session = id === undefined ? undefined : { id, user_id, now: timestamp(ctx.clock.now()) };
  return acting(ctx, requester, session && (await findRoleOfSession(ctx.db, session)));
}

export interface ActorAndAccount {
  actor: Actor;
  /** The account it is about; the actor's own, too. */
  account: Account | undefined;
  admins: number;
}

/**
 * Who changes an account, with the account: both locked, and the session too, so that a revocation of one of them comes before or
 * after the whole change. An API key, which has no session, changes none. Refuses with `token_invalid`.
 */
export async function lockActor(
  ctx: UsersContext,
  tx: Tx,
  requester: Requester,
  { user_id, admins = false }: { user_id: string; admins?: boolean },
): Promise<ActorAndAccount> {
  const locked = await lockAccounts(tx, [requester.user_id, user_id], { admins });
  const own = locked.find(requester.user_id);
  const session = { id: requester.session_id ?? '', user_id: requester.user_id, now: timestamp(ctx.clock.now()) };
  const goesOn = requester.session_id !== undefined && own?.erased_at === null && (await lockLivingSession(tx, session));
  return { actor: acting(ctx, requester, goesOn ? own?.role : undefined), account: locked.find(user_id), admins: locked.admins };
}

/** Undefined where the key has ended, or its creator is no administrator any more. */
async function roleOfKey({ db, config, clock }: UsersContext, key_id: string): Promise<Account['role'] | undefined> {
  const key = await findKey(db, key_id);
  return key === undefined || keyFault(key, config.second_factor_required, clock.now()) !== undefined ? undefined : key.role;
}

function acting(ctx: UsersContext, requester: Requester, role: Account['role'] | undefined): Actor {
  if (role === undefined) actorRefused(ctx, requester);
  return actingAs(requester, role);
}
