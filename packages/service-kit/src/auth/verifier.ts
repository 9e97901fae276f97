/**
 * Verifies access tokens offline against the key set of `users`. The last good set is kept durably, so `users` may be
 * away; where none was ever seen the answer is `keys_unavailable`, never that the token is wrong.
 */
import { hash } from 'node:crypto';
import { isScope, type KeyFault, refusal } from '@souk/contracts';
import { AppError, type Clock, createSingleFlight, isUuid, type Log } from '@souk/kernel';
import { type CryptoKey, decodeJwt, decodeProtectedHeader, importJWK, type JWTPayload, jwtVerify } from 'jose';
import { type Caller, type CallingKey, callerOf, isRole } from './caller.ts';
import type { KeySet, KeyStore } from './key-store.ts';

export interface Verifier {
  /** The caller of a token that was verified before and has not ended; costs one digest. */
  remembered(token: string): Caller | undefined;
  /** Moment at which a token ends that has been verified, by what it says itself; epoch milliseconds. */
  endOf(token: string): number;
  /** Throws `token_invalid`, or `keys_unavailable` when it cannot be decided. */
  verify(token: string): Promise<Caller>;
  /** Whether a key set is known. */
  ready(): boolean;
  /** Reads the stored set when none is known, then asks for the newest. Answers whether asking succeeded; never throws. */
  refresh(): Promise<boolean>;
}

export interface VerifierOptions {
  /** Asks `users` for its key set; a failure is passing. */
  fetchKeys: () => Promise<KeySet>;
  store: KeyStore;
  clock: Clock;
  log: Log;
  /** Most verified tokens remembered; default 10,000. */
  remembered_max?: number;
}

export const issuer = 'souk';
export const audience = 'souk';
const refetchPauseMs = 10_000;
/** Of a process that knows no key yet: every token waits for the key set. */
const firstFetchPauseMs = 250;
const tokenLengthMax = 4_096;
const clockToleranceSeconds = 5;
const keysMax = 50;

interface Remembered {
  caller: Caller;
  ends_at: number;
}

/** A verifier without keys: call `refresh` first. Until a key set is known, `verify` asks for it or throws `keys_unavailable`. */
export function createVerifier(options: VerifierOptions): Verifier {
  const { clock } = options;
  const keyRing = createKeyRing(options);
  const tokens = new Map<string, Remembered>();
  const latest = createLatestTokens();
  const tokensMax = options.remembered_max ?? 10_000;
  keyRing.onRemoved(() => {
    tokens.clear();
    latest.clear();
  });

  const remember = (digest: string, caller: Caller, ends_at: number): void => {
    const oldest = tokens.size >= tokensMax ? tokens.keys().next().value : undefined;
    if (oldest !== undefined) tokens.delete(oldest);
    tokens.set(digest, { caller, ends_at });
  };

  return {
    remembered(token) {
      const now = clock.now();
      const last = latest.find(token);
      if (last !== undefined && last.ends_at > now) return last.caller;
      const digest = hash('sha256', token, 'base64');
      const entry = tokens.get(digest);
      if (entry === undefined) return undefined;
      if (entry.ends_at > now) {
        latest.keep(token, entry);
        return entry.caller;
      }
      tokens.delete(digest);
      return undefined;
    },
    endOf: (token) => (decodeJwt(token).exp ?? 0) * 1_000,
    async verify(token) {
      const key = await keyRing.find(keyIdOf(token));
      const payload = await claimsOf(token, key, clock.now());
      const caller = callerFrom(payload);
      remember(hash('sha256', token, 'base64'), caller, (payload.exp ?? 0) * 1_000);
      return caller;
    },
    ready: () => keyRing.known(),
    refresh: () => keyRing.refresh(),
  };
}

const latestMax = 256;
const slotDigits = 4;

/**
 * The tokens that were shown last, as they are: a client that asks again and again is known without a digest. Each has one place, which the end
 * of its signature chooses, and is compared whole. The time which that takes does not help to guess a signature: texts are compared
 * by blocks of many characters, and a block would have to be guessed at once.
 */
function createLatestTokens() {
  const places: ({ token: string; entry: Remembered } | undefined)[] = Array.from({ length: latestMax });
  const placeOf = (token: string): number => {
    let place = 0;
    for (let at = token.length - slotDigits; at < token.length; at += 1) place = (place * 31 + token.charCodeAt(at)) % latestMax;
    return place;
  };
  return {
    find(token: string): Remembered | undefined {
      const kept = places[placeOf(token)];
      return kept !== undefined && kept.token === token ? kept.entry : undefined;
    },
    keep(token: string, entry: Remembered): void {
      places[placeOf(token)] = { token, entry };
    },
    clear: () => void places.fill(undefined),
  };
}

/** Why a token was refused, for the security log; the answer to the client says less. */
export type TokenFault =
  | 'malformed'
  | 'not_of_this_shop'
  | 'expired'
  | 'signature_wrong'
  | 'claims_wrong'
  | 'key_unknown'
  | 'api_key_malformed'
  | `api_key_${KeyFault}`;

class TokenFaultError extends Error {
  readonly fault: TokenFault;

  constructor(fault: TokenFault, cause?: unknown) {
    super(`the access token is refused: ${fault}`, { cause });
    this.fault = fault;
  }
}

/** The cause behind a `token_invalid` of a verifier; undefined for any other error. */
export function tokenFaultOf(error: unknown): TokenFault | undefined {
  const cause = error instanceof AppError ? error.cause : undefined;
  return cause instanceof TokenFaultError ? cause.fault : undefined;
}

/** The refusal of an API key, with its cause for the security log; `id` is that of the key, where it has the form of one. */
export function apiKeyRefused(fault: TokenFault, id?: string): AppError {
  return refusal('token_invalid', 'The API key is not valid.', { api_key: id }, new TokenFaultError(fault));
}

function tokenRefused(fault: TokenFault, detail?: string, cause?: unknown): AppError {
  return refusal('token_invalid', detail, {}, new TokenFaultError(fault, cause));
}

function keyIdOf(token: string): string {
  if (token.length > tokenLengthMax) throw tokenRefused('malformed');
  try {
    const header = decodeProtectedHeader(token);
    // A receipt is signed by the same keys under a type of its own.
    if (header.alg === 'EdDSA' && typeof header.kid === 'string' && (header.typ === undefined || header.typ === 'JWT')) return header.kid;
  } catch (error) {
    throw tokenRefused('malformed', 'This is not an access token.', error);
  }
  throw tokenRefused('not_of_this_shop', 'This is not an access token of this shop.');
}

/** By the codes of the JOSE library. */
const faults: Readonly<Record<string, TokenFault>> = {
  ERR_JWT_EXPIRED: 'expired',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature_wrong',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'claims_wrong',
};

async function claimsOf(token: string, key: CryptoKey, now_ms: number): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      issuer,
      audience,
      currentDate: new Date(now_ms),
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    return payload;
  } catch (error) {
    const fault = faults[(error as { code?: string }).code ?? ''] ?? 'malformed';
    throw tokenRefused(fault, fault === 'expired' ? 'The access token has ended.' : 'The access token is not valid.', error);
  }
}

/** A digest of 256 bits in base64url. */
const customerKeyForm = /^[A-Za-z0-9_-]{43}$/;

function callerFrom(payload: JWTPayload): Caller {
  const { sub, role, customer_key } = payload;
  if (typeof sub !== 'string' || !isUuid(sub) || !isRole(role)) throw tokenRefused('claims_wrong');
  const caller = callerOf(sub, role, keyFrom(payload));
  if (customer_key === undefined) return caller;
  if (typeof customer_key !== 'string' || !customerKeyForm.test(customer_key)) throw tokenRefused('claims_wrong');
  return { ...caller, customer_key };
}

/** The API key a token stands for. Half of it is no person's token: it would be one without limits. */
function keyFrom({ key: id, scope }: JWTPayload): CallingKey | undefined {
  if (id === undefined && scope === undefined) return undefined;
  if (typeof id !== 'string' || !isUuid(id) || typeof scope !== 'string') throw tokenRefused('claims_wrong');
  return { id, scopes: new Set(scope.split(' ').filter(isScope)) };
}

interface KeyRing {
  find(kid: string): Promise<CryptoKey>;
  known(): boolean;
  refresh(): Promise<boolean>;
  onRemoved(listener: () => void): void;
}

function createKeyRing({ fetchKeys, store, clock, log }: VerifierOptions): KeyRing {
  let keys: ReadonlyMap<string, CryptoKey> | undefined;
  let asked_at = Number.NEGATIVE_INFINITY;
  let askedWell = false;
  let notifyRemoved: () => void = () => undefined;

  const adopt = async (set: KeySet): Promise<void> => {
    const next = await importKeys(set);
    if (next.size === 0) throw new AppError('keys_unavailable', 'The key set has no usable key.');
    const removed = [...(keys?.keys() ?? [])].some((kid) => !next.has(kid));
    keys = next;
    if (removed) notifyRemoved();
  };

  const loadStored = async (): Promise<void> => {
    try {
      const set = await store.load();
      if (set && keys === undefined) await adopt(set);
    } catch (error) {
      log.warn({ err: error }, 'the stored key set could not be read');
    }
  };

  const ask = async (): Promise<boolean> => {
    if (keys === undefined) await loadStored();
    asked_at = clock.now();
    try {
      const set = await fetchKeys();
      await adopt(set);
      askedWell = true;
      await store.save(set).catch((error: unknown) => log.warn({ err: error }, 'the key set could not be stored'));
    } catch (error) {
      askedWell = false;
      log.debug({ err: error }, 'the key set could not be fetched');
    }
    return askedWell;
  };

  const asking = createSingleFlight(ask);
  const refresh = asking.run;

  return {
    async find(kid) {
      const known = keys?.get(kid);
      if (known) return known;
      // One question for all who wait; then none for a while, whatever strangers put into `kid`.
      const pause_ms = keys === undefined ? firstFetchPauseMs : refetchPauseMs;
      if (asking.current() !== undefined || clock.now() - asked_at >= pause_ms) await refresh();
      const found = keys?.get(kid);
      if (found) return found;
      if (keys === undefined || !askedWell) throw refusal('keys_unavailable');
      throw tokenRefused('key_unknown', 'The key of the access token is unknown.');
    },
    known: () => keys !== undefined,
    refresh,
    onRemoved: (listener) => {
      notifyRemoved = listener;
    },
  };
}

async function importKeys(set: KeySet): Promise<Map<string, CryptoKey>> {
  const ring = new Map<string, CryptoKey>();
  for (const jwk of set.keys.slice(0, keysMax)) {
    if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.kid !== 'string' || typeof jwk.x !== 'string') continue;
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: jwk.x }, 'EdDSA');
    if (!(key instanceof Uint8Array)) ring.set(jwk.kid, key);
  }
  return ring;
}
