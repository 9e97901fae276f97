/** What is counted and said when something happens to accounts. Names, addresses and tokens never get here. */
import type { UsersContext } from './context.ts';

type Observer = Pick<UsersContext, 'log' | 'metrics'>;

export function accountOpened({ log, metrics }: Observer, user_id: string, source: string): void {
  metrics.count('souk_users_registered_total', { source });
  log.info({ user_id, source }, 'an account was opened');
}

export function accountErased({ log, metrics }: Observer, user_id: string): void {
  metrics.count('souk_users_erased_total');
  log.info({ user_id }, 'an account was erased');
}

export function roleGiven({ log }: Observer, fields: { user_id: string; role: string; by: string }): void {
  log.info(fields, 'a role was given');
}

export function signInEnded({ metrics }: Observer, outcome: 'succeeded' | 'failed' | 'throttled'): void {
  metrics.count('souk_users_logins_total', { outcome });
}

/** Somebody else holds a token of this session, or the client is broken: the owner signs in again. */
export function refreshTokenReused({ log, metrics }: Observer, user_id: string): void {
  metrics.count('souk_users_refresh_reuses_total');
  log.warn({ user_id }, 'a refresh token was shown twice; its session has ended');
}

export function signingKeyMade({ log }: Observer, fields: { kid: string; active_from: string }): void {
  log.info(fields, 'a signing key was published');
}

export function signingKeysRemoved({ log }: Observer, kids: readonly string[]): void {
  log.info({ kids }, 'signing keys were removed: every token they signed has ended');
}
