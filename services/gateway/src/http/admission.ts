/** Who may pass: rate limit, access token and the route's policy, before anything of the body is read. */
import { listScrapeTargets, listServices, putInstance, refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import {
  apiKeyIdOf,
  apiKeyRefused,
  type Caller,
  callerId,
  checkAdmitted,
  createTokenGuard,
  looksLikeApiKey,
  showsOrderLink,
  type Verifier,
} from '@souk/service-kit';
import type { RouteEntry } from '../route-table.ts';
import type { FoundKey, KeyQuestion } from '../use-cases/exchange-api-key.ts';
import type { KnownKey } from '../workers/key-memory.ts';
import { limitKeyOf } from './client-address.ts';
import type { BrowserRequest, CookieAdmission } from './cookie-admission.ts';
import type { RateGate } from './rate-gate.ts';

/** An API key, and the session of a browser, is replaced here by what stands for it: nothing behind the gateway gets it. */
export interface Requester extends BrowserRequest {
  /** Set as soon as it is known who asks, also where he is refused then. */
  caller: Caller | undefined;
  /** Under which keys the request was counted. */
  limit_keys: readonly string[];
}

type LimitHeaders = readonly string[];

/** The headers of the rate limit. At once when the token is remembered or none was sent; a promise when it must be verified. */
export type Admit = (entry: RouteEntry, authorization: string | undefined, requester: Requester) => LimitHeaders | Promise<LimitHeaders>;

export interface AdmissionOptions {
  verifier: Verifier;
  rates: RateGate;
  api_keys: {
    find(key: string): FoundKey | undefined;
    /** Refuses with `token_invalid` or `service_unavailable`. */
    exchange(question: KeyQuestion): Promise<KnownKey>;
  };
  cookies: CookieAdmission;
  internal_token: string;
  /** Token of fault injection; undefined where it is not possible. */
  chaos_token: string | undefined;
}

const free: readonly string[] = [];
const scrapePaths: ReadonlySet<string> = new Set(['/metrics', listScrapeTargets.path, listServices.path]);
const registrationPath = putInstance.path;

export function createAdmission(options: AdmissionOptions): Admit {
  const { verifier, rates, api_keys, cookies } = options;
  const keys = platformKeys(options.internal_token);
  const isInternal = createTokenGuard(keys.internalToken('gateway'));
  const mayScrape = createTokenGuard(keys.scrapeToken());
  const mayRegister = createTokenGuard(keys.registrationToken());
  const isChaos = options.chaos_token === undefined ? () => false : createTokenGuard(options.chaos_token);

  const count = (entry: RouteEntry, requester: Requester, ...keys: string[]): LimitHeaders => {
    requester.limit_keys = keys;
    return rates.count(entry.limit, keys);
  };
  const admitCaller = (entry: RouteEntry, requester: Requester, caller: Caller): LimitHeaders => {
    requester.caller = caller;
    // What strangers may do is limited by address; a token must not lift that limit.
    const limit_headers = isOpenToStrangers(entry)
      ? count(entry, requester, limitKeyOf(requester.client.address), callerId(caller))
      : count(entry, requester, callerId(caller));
    checkAdmitted(caller, entry, { limit_headers });
    return limit_headers;
  };
  const parts = { cookies, count, admitCaller };
  // Guessed tokens count against the rate limit of the client's address.
  const refuseGuess = (entry: RouteEntry, requester: Requester, error: unknown): never => {
    if (error instanceof AppError && error.code === 'token_invalid') count(entry, requester, limitKeyOf(requester.client.address));
    throw error;
  };

  const admitKnownKey = (entry: RouteEntry, requester: Requester, { caller, access_token }: KnownKey): LimitHeaders => {
    requester.request.headers.authorization = `Bearer ${access_token}`;
    return admitCaller(entry, requester, caller);
  };
  const admitKey = (entry: RouteEntry, requester: Requester, key: string): LimitHeaders | Promise<LimitHeaders> => {
    const found = api_keys.find(key);
    if (found?.is_fresh) return admitKnownKey(entry, requester, found);
    const key_id = apiKeyIdOf(key);
    // Counted before anyone is asked: guesses must not cost users more than the limit of their address allows.
    if (found === undefined) count(entry, requester, limitKeyOf(requester.client.address));
    if (key_id === undefined) throw apiKeyRefused('api_key_malformed');
    const { correlation_id, span } = requester;
    return api_keys.exchange({ key, key_id, correlation_id, traceparent: span.traceparent }).then(
      (known) => admitKnownKey(entry, requester, known),
      (error: unknown) => (found === undefined ? Promise.reject(error as Error) : refuseGuess(entry, requester, error)),
    );
  };

  return (entry, authorization, requester) => {
    if (scrapePaths.has(entry.path)) return holderOnly(authorization, mayScrape, 'Prometheus');
    if (entry.path === registrationPath) return holderOnly(authorization, mayRegister, 'instances that register');
    if (entry.access === 'internal') return holderOnly(authorization, isInternal, 'services');
    if (entry.access === 'chaos') return holderOnly(authorization, isChaos, 'fault injection');
    if (entry.limit === 'none') return free;
    if (authorization === undefined) return admitBrowser(parts, entry, requester);
    // A link is good at the service that signed the order; here its holder is a stranger.
    if (entry.order_link && showsOrderLink(authorization)) return count(entry, requester, limitKeyOf(requester.client.address));
    const token = bearerToken(authorization);
    if (looksLikeApiKey(token)) return admitKey(entry, requester, token);
    const caller = token === '' ? undefined : verifier.remembered(token);
    if (caller) return admitCaller(entry, requester, caller);
    if (token === '')
      return refuseGuess(entry, requester, refusal('token_invalid', 'The Authorization header must be Bearer and an access token.'));
    return verifier.verify(token).then(
      (verified) => admitCaller(entry, requester, verified),
      (error: unknown) => refuseGuess(entry, requester, error),
    );
  };
}

interface AdmissionParts {
  cookies: CookieAdmission;
  count(entry: RouteEntry, requester: Requester, ...keys: string[]): LimitHeaders;
  admitCaller(entry: RouteEntry, requester: Requester, caller: Caller): LimitHeaders;
}

/** Without Authorization: a stranger, or who the cookies say. */
function admitBrowser(
  { cookies, count, admitCaller }: AdmissionParts,
  entry: RouteEntry,
  requester: Requester,
): LimitHeaders | Promise<LimitHeaders> {
  const session = cookies.sessionOf(requester);
  const known = session && cookies.knownCaller(requester, session);
  const isForeign = cookies.isForeign(entry, requester, session);
  if (known !== undefined && !isForeign) return admitCaller(entry, requester, known);
  // Who is not known at once costs users a question: guesses must not cost more of them than the limit of their address allows.
  const limit_headers = count(entry, requester, limitKeyOf(requester.client.address));
  if (isForeign) throw refusal('cross_origin_request', undefined, { limit_headers });
  const stranger = (): LimitHeaders => {
    if (entry.access !== 'public') throw refusal('token_missing', undefined, { limit_headers });
    return limit_headers;
  };
  if (session === undefined) return stranger();
  return cookies
    .callerOf(entry, requester, session)
    .then((caller) => (caller === undefined ? stranger() : admitCaller(entry, requester, caller)));
}

/** Signing in, opening accounts and everything else that is written without a token, or guarded against guessing. */
function isOpenToStrangers({ access, limit }: RouteEntry): boolean {
  return limit === 'auth' || (access === 'public' && limit === 'write');
}

/** Empty when the header is not Bearer. */
export function bearerToken(header: string): string {
  return /^bearer /i.test(header.slice(0, 7)) ? header.slice(7).trim() : '';
}

function holderOnly(authorization: string | undefined, isRight: (token: string) => boolean, whom: string): LimitHeaders {
  if (authorization === undefined) throw refusal('token_missing', `This is for ${whom} only.`);
  const token = bearerToken(authorization);
  if (isRight(token)) return free;
  // A person's token may be genuine; here it is never enough.
  if (token.split('.').length === 3) throw refusal('forbidden', `This is for ${whom} only.`);
  throw refusal('token_invalid', `The token for ${whom} is not right.`);
}
