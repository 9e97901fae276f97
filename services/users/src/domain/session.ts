/**
 * A session is a family of refresh tokens: each is good once and brings the next; showing an old one ends them all. Only the one before the
 * newest brings the same next once more for a while: tabs of one browser renew at the same moment, and answers get lost.
 */

/** A row of `sessions`. */
export interface Session {
  id: string;
  user_id: string;
  token_hash: Uint8Array;
  /** Of the token before that one; null before the first renewal. */
  previous_hash: Uint8Array | null;
  /** How often it was renewed. */
  generation: number;
  created_at: string;
  renewed_at: string;
  expires_at: string;
  /** Keyed digest of the network it was begun or renewed from last. */
  network: string | null;
}

/** How long sessions last, in milliseconds. */
export interface SessionLimits {
  /** Without being renewed. */
  idle_ms: number;
  /** However often it is renewed. */
  lifetime_ms: number;
}

export interface PresentedToken {
  /** It is the newest of its session. */
  newest: boolean;
  /** It is the one before, and brought the newest. */
  previous: boolean;
  /** It was made here: its keyed digest is right. */
  genuine: boolean;
}

const repeatedWithinMs = 30_000;

/**
 * `renew` a good token; `repeat` the answer to the one before, shortly after; `reuse` is a genuine token that was used before, so that two hold what one should; `refuse`
 * everything that proves nothing and therefore must not end any session.
 */
export type RefreshDecision = 'renew' | 'repeat' | 'reuse' | 'refuse';

export function decideRefresh(session: Session | undefined, token: PresentedToken, now_ms: number): RefreshDecision {
  if (session === undefined || Date.parse(session.expires_at) <= now_ms) return 'refuse';
  if (token.newest) return 'renew';
  if (token.genuine && token.previous && now_ms - Date.parse(session.renewed_at) < repeatedWithinMs) return 'repeat';
  return token.genuine ? 'reuse' : 'refuse';
}

/** When a session ends that is renewed now. */
export function sessionEndMs(created_at_ms: number, now_ms: number, limits: SessionLimits): number {
  return Math.min(now_ms + limits.idle_ms, created_at_ms + limits.lifetime_ms);
}
