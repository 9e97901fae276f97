/** What is counted and said when something happens to accounts. Names, addresses and tokens never get here. */
import type { UsersContext } from './context.ts';
import type { Requester } from './domain/requester.ts';

type Observer = Pick<UsersContext, 'log' | 'metrics'>;
type SecurityObserver = Pick<UsersContext, 'security'>;

/** What is known of who did it: the account that is changed, and the request. */
export interface Doing {
  user_id: string | undefined;
  by?: string | undefined;
  client_address?: string | undefined;
  correlation_id?: string | undefined;
}

/** A request of `requester` about an account. */
export function doingOf({ user_id: by, client_address, correlation_id }: Requester, user_id: string): Doing {
  return { user_id, by: by === user_id ? undefined : by, client_address, correlation_id };
}

export function accountOpened({ log, metrics, security }: Observer & SecurityObserver, user_id: string, source: string): void {
  metrics.count('souk_users_registered_total', { source });
  log.info({ user_id, source }, 'an account was opened');
  // Sample customers cannot sign in: lines about them would only bury the others at the first start.
  if (source !== 'sample') security.record({ event: 'account_opened', outcome: 'succeeded', user_id, cause: source });
}

export function accountErased({ log, metrics, security }: Observer & SecurityObserver, doing: Doing): void {
  metrics.count('souk_users_erased_total');
  log.info({ user_id: doing.user_id }, 'an account was erased');
  security.record({ event: 'account_erased', outcome: 'succeeded', ...only(doing) });
}

export function roleGiven({ log, security }: Observer & SecurityObserver, role: string, doing: Doing): void {
  log.info({ user_id: doing.user_id, role, by: doing.by ?? doing.user_id }, 'a role was given');
  security.record({ event: 'role_given', outcome: 'succeeded', object: role, ...only(doing) });
}

export function passwordChanged({ security }: SecurityObserver, cause: 'owner' | 'staff' | 'link', doing: Doing): void {
  security.record({ event: 'password_changed', outcome: 'succeeded', cause, ...only(doing) });
}

export function emailChanged({ security }: SecurityObserver, doing: Doing): void {
  security.record({ event: 'email_changed', outcome: 'succeeded', ...only(doing) });
}

export function emailVerified({ security }: SecurityObserver, doing: Doing): void {
  security.record({ event: 'email_verified', outcome: 'succeeded', ...only(doing) });
}

export function guestsLinked({ log }: Pick<Observer, 'log'>, user_id: string, guests: number): void {
  log.info({ user_id, guests }, 'guests were linked to an account');
}

export function passwordResetRequested({ security }: SecurityObserver, user_id: string): void {
  security.record({ event: 'password_reset_requested', outcome: 'succeeded', user_id });
}

/** No further mail today to this address, or because of this account. */
export function messageLimited({ security }: SecurityObserver, scope: 'recipient' | 'account', user_id: string): void {
  security.record({ event: 'rate_limited', outcome: 'refused', cause: `messages_of_${scope}`, user_id });
}

export type ApiKeyChange = 'created' | 'deleted' | 'creator_demoted';

/** `doing` is about the account the key belongs to. */
export function apiKeyChanged({ security }: SecurityObserver, cause: ApiKeyChange, key_id: string, doing: Doing): void {
  security.record({ event: 'api_key_changed', outcome: 'succeeded', cause, api_key: key_id, ...only(doing) });
}

export type SecondFactorChange = 'enrolled' | 'confirmed' | 'disabled' | 'reset_by_admin' | 'recovery_code_used';

export function secondFactorChanged({ security }: SecurityObserver, cause: SecondFactorChange, doing: Doing): void {
  security.record({ event: 'second_factor_changed', outcome: 'succeeded', cause, ...only(doing) });
}

export function sessionsEnded(
  { security }: SecurityObserver,
  cause: 'sign_out' | 'sign_out_everywhere' | 'ended_by_admin',
  doing: Doing,
): void {
  security.record({ event: 'session_ended', outcome: 'succeeded', cause, ...only(doing) });
}

export function signInEnded({ metrics }: Pick<Observer, 'metrics'>, outcome: 'succeeded' | 'failed' | 'throttled'): void {
  metrics.count('souk_users_logins_total', { outcome });
}

export function signInSucceeded({ metrics, security }: Observer & SecurityObserver, doing: Doing): void {
  signInEnded({ metrics }, 'succeeded');
  security.record({ event: 'sign_in', outcome: 'succeeded', ...only(doing) });
}

export type SignInFault =
  | 'password_wrong'
  | 'name_unknown'
  | 'throttled'
  | 'current_password_wrong'
  | 'second_factor_required'
  | 'second_factor_invalid';

export function signInRefused({ security }: SecurityObserver, cause: SignInFault, doing: Doing): void {
  security.record({ event: 'sign_in', outcome: 'refused', cause, ...only(doing) });
}

/** A genuine token whose session has ended, or whose account was erased, was shown. */
export function actorRefused({ security }: SecurityObserver, requester: Requester): void {
  security.record({ event: 'token_refused', outcome: 'refused', cause: 'session_ended', ...doingOf(requester, requester.user_id) });
}

/** Another party holds a token of this session, or the client is broken: the owner signs in again. */
export function refreshTokenReused({ log, metrics, security }: Observer & SecurityObserver, user_id: string, client_address: string): void {
  metrics.count('souk_users_refresh_reuses_total');
  log.warn({ user_id }, 'a refresh token was shown twice; its session has ended');
  security.record({ event: 'refresh_token_refused', outcome: 'refused', cause: 'reused', user_id, client_address });
}

export function refreshTokenRefused({ security }: SecurityObserver, client_address: string): void {
  security.record({ event: 'refresh_token_refused', outcome: 'refused', cause: 'invalid', client_address });
}

export function signingKeyMade({ log, security }: Observer & SecurityObserver, fields: { kid: string; active_from: string }): void {
  log.info(fields, 'a signing key was published');
  security.record({ event: 'signing_key_changed', outcome: 'succeeded', cause: 'published', object: fields.kid });
}

export function signingKeysRemoved({ log, security }: Observer & SecurityObserver, kids: readonly string[]): void {
  log.info({ kids }, 'signing keys were removed: every token they signed has ended');
  for (const object of kids) security.record({ event: 'signing_key_changed', outcome: 'succeeded', cause: 'removed', object });
}

/** Nothing else that the object may hold gets into the log. */
function only({ user_id, by, client_address, correlation_id }: Doing): Doing {
  return { user_id, by, client_address, correlation_id };
}
