/** A key of a program, and when it is good. */
import { type ApiKey, type KeyFault, refusal, type Scope } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { AccountRole } from './account.ts';
import { type SecondFactorPolicy, tokenRole } from './second-factor.ts';

/** A row of `api_keys`. */
export interface ApiKeyRow {
  id: string;
  user_id: string;
  name: string;
  scopes: string[];
  key_hash: Uint8Array;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  deleted_at: string | null;
}

/** A key with what its creator is now. */
export interface KnownKey extends ApiKeyRow {
  role: AccountRole;
  second_factor: boolean;
}

/** Most keys of one account that can still be used. */
const keysMax = 20;
const useNotedEveryMs = 60_000;

/** The end of a new key, null where it has none. Refuses an end that has passed, or that is no date. */
export function endOfNewKey(expires_at: string | undefined, now_ms: number): string | null {
  if (expires_at === undefined) return null;
  const ends_at_ms = Date.parse(expires_at);
  if (ends_at_ms > now_ms) return timestamp(ends_at_ms);
  const detail = 'is not an instant in the future';
  throw refusal('validation_failed', `expires_at ${detail}.`, { errors: [{ pointer: '/expires_at', detail }] });
}

/** Refuses one more key than an account may have with `too_many_api_keys`. */
export function checkRoomForKey(keys: number): void {
  if (keys >= keysMax) throw refusal('too_many_api_keys', `An account has at most ${keysMax} API keys.`);
}

/** Why a key is not good any more; undefined when it is. Its creator must be an administrator still, as tokens would say it. */
export function keyFault(key: Omit<KnownKey, 'key_hash'>, policy: SecondFactorPolicy, now_ms: number): KeyFault | undefined {
  if (key.deleted_at !== null) return 'deleted';
  if (key.expires_at !== null && Date.parse(key.expires_at) <= now_ms) return 'expired';
  return tokenRole(key.role, { confirmed: key.second_factor, policy }) === 'admin' ? undefined : 'creator';
}

/** Seconds for which an access token may stand for the key: at most `seconds_max`, and not beyond its end. */
export function secondsLeft({ expires_at }: Pick<ApiKeyRow, 'expires_at'>, seconds_max: number, now_ms: number): number {
  if (expires_at === null) return seconds_max;
  return Math.max(1, Math.min(seconds_max, Math.floor((Date.parse(expires_at) - now_ms) / 1_000)));
}

/** Whether a use now is to be written down: the last one that was lies a minute back. */
export function isUseDue({ last_used_at }: Pick<ApiKeyRow, 'last_used_at'>, now_ms: number): boolean {
  return last_used_at === null || now_ms - Date.parse(last_used_at) >= useNotedEveryMs;
}

/** The key as administrators see it. */
export function presentKey({ id, name, scopes, user_id, created_at, expires_at, last_used_at }: Omit<ApiKeyRow, 'key_hash'>): ApiKey {
  return { id, name, scopes: scopes as Scope[], created_by: user_id, created_at, expires_at, last_used_at };
}
