import { refusal, type TokenPair } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { UsersContext } from '../context.ts';
import { decideRefresh, type Session, sessionEndMs } from '../domain/session.ts';
import { refreshTokenRefused, refreshTokenReused } from '../events.ts';
import { endSession, lockSession, renewSession } from '../store/sessions.ts';
import { issueTokens } from './issue-tokens.ts';
import { makeRefreshToken, type ParsedToken, parseRefreshToken } from './refresh-token.ts';
import { sessionNetwork } from './throttle-login.ts';

/** A new pair for a token that was never used, the same again for the one before it; an older one ends its session. Refuses with `refresh_token_invalid`. */
export async function refreshSession(ctx: UsersContext, refresh_token: string, client_address: string): Promise<TokenPair> {
  const presented = parseRefreshToken(ctx, refresh_token);
  const renewed = presented && (await renew(ctx, presented, client_address));
  if (renewed === undefined) {
    refreshTokenRefused(ctx, client_address);
    throw refusal('refresh_token_invalid');
  }
  const { token, ...claims } = renewed;
  return issueTokens(ctx, claims, token);
}

function renew(ctx: UsersContext, { session_id, token_hash, genuine }: ParsedToken, client_address: string) {
  return ctx.db.transaction(async (tx) => {
    const now_ms = ctx.clock.now();
    const session = await lockSession(tx, session_id);
    const newest = session !== undefined && token_hash.equals(session.token_hash);
    const current = session && makeRefreshToken(ctx, session_id, session.generation);
    const previous = isPrevious(session, token_hash) && current?.token_hash.equals(session.token_hash) === true;
    const decision = decideRefresh(session, { newest, previous, genuine }, now_ms);
    if (session === undefined || current === undefined || decision === 'refuse') return undefined;
    if (decision === 'reuse') {
      await endSession(tx, session_id);
      tx.onCommit(() => refreshTokenReused(ctx, session.user_id, client_address));
      return undefined;
    }
    const { user_id, role, email, second_factor } = session;
    const claims = { user_id, role, email, second_factor, session_id };
    if (decision === 'repeat') return { token: current.token, ...claims };
    const generation = session.generation + 1;
    const next = makeRefreshToken(ctx, session_id, generation);
    const limits = { idle_ms: ctx.config.session_idle_ms, lifetime_ms: ctx.config.session_lifetime_ms };
    const expires_at = timestamp(sessionEndMs(Date.parse(session.created_at), now_ms, limits));
    const network = sessionNetwork(ctx, client_address);
    const { token_hash: previous_hash } = session;
    const { token, token_hash: newest_hash } = next;
    await renewSession(tx, {
      ...session,
      token_hash: newest_hash,
      previous_hash,
      generation,
      renewed_at: timestamp(now_ms),
      expires_at,
      network,
    });
    return { token, ...claims };
  });
}

function isPrevious(session: Session | undefined, token_hash: Buffer): session is Session {
  return session?.previous_hash != null && token_hash.equals(session.previous_hash);
}
