import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import type { Account } from '../domain/account.ts';
import { sessionEndMs } from '../domain/session.ts';
import { findSecondFactor } from '../store/second-factors.ts';
import { insertSession } from '../store/sessions.ts';
import type { IssuedSession } from './issue-tokens.ts';
import { makeRefreshToken } from './refresh-token.ts';

/** Id and refresh token of a session that is about to be opened. */
export function newSession(ctx: UsersContext): { id: string; token: string; token_hash: Uint8Array } {
  const id = ctx.ids.uuid();
  return { id, ...makeRefreshToken(ctx, id, 0) };
}

/** Opens a session of an account that is locked, or was just made; answers what its first tokens say. */
export async function openSession(
  { config, clock }: UsersContext,
  tx: Tx,
  { id: user_id, role, email }: Account,
  { id, token_hash, network }: { id: string; token_hash: Uint8Array; network: string },
): Promise<IssuedSession> {
  const now_ms = clock.now();
  const now = timestamp(now_ms);
  const limits = { idle_ms: config.session_idle_ms, lifetime_ms: config.session_lifetime_ms };
  const expires_at = timestamp(sessionEndMs(now_ms, now_ms, limits));
  const first = { previous_hash: null, generation: 0, created_at: now, renewed_at: now };
  await insertSession(tx, { id, user_id, token_hash, ...first, expires_at, network }, config.sessions_max);
  const factor = await findSecondFactor(tx, user_id);
  return { user_id, role, email, second_factor: factor?.confirmed_at != null, session_id: id };
}
