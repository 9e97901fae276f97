import type { UsersContext } from '../context.ts';
import { endSession, endSessions } from '../store/sessions.ts';
import { parseRefreshToken } from './refresh-token.ts';

/** Ends the session of a refresh token, used or not; one that proves nothing ends nothing, and nobody is told. */
export async function signOut(ctx: UsersContext, refresh_token: string): Promise<void> {
  const presented = parseRefreshToken(ctx, refresh_token);
  if (presented?.genuine) await endSession(ctx.db, presented.session_id);
}

/** Ends all sessions of an account; access tokens that are out are good until they end by themselves. */
export async function signOutEverywhere(ctx: UsersContext, user_id: string): Promise<void> {
  await endSessions(ctx.db, user_id);
}
