import type { UsersContext } from '../context.ts';
import type { Requester } from '../domain/requester.ts';
import { doingOf, sessionsEnded } from '../events.ts';
import { endSession, endSessions } from '../store/sessions.ts';
import { lockActor } from './read-actor.ts';
import { parseRefreshToken } from './refresh-token.ts';

/** Ends the session of a refresh token, used or not; one that proves nothing ends nothing, and no error is reported. */
export async function signOut(ctx: UsersContext, refresh_token: string, client_address: string): Promise<void> {
  const presented = parseRefreshToken(ctx, refresh_token);
  if (!presented?.genuine) return;
  const user_id = await endSession(ctx.db, presented.session_id);
  if (user_id !== undefined) sessionsEnded(ctx, 'sign_out', { user_id, client_address });
}

/** Ends all sessions of the requester's account. Elsewhere access tokens that are out are good until they end by themselves. */
export async function signOutEverywhere(ctx: UsersContext, requester: Requester): Promise<void> {
  const { user_id } = requester;
  await ctx.db.transaction(async (tx) => {
    await lockActor(ctx, tx, requester, { user_id });
    await endSessions(tx, user_id);
    tx.onCommit(() => sessionsEnded(ctx, 'sign_out_everywhere', doingOf(requester, user_id)));
  });
}
