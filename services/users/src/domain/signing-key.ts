/** The life of a signing key: published, in use, retired, removed when nothing it signed is good any more. */

/** How long an access token is good, in seconds. */
export const accessTokenSeconds = 600;
/** So long before its first use a key is published, so that every verifier has it in time. */
export const publishedAheadMs = 900_000;
/** Verifiers' clocks and tolerance. */
const removalMarginMs = 60_000;

/** A row of `signing_keys`. */
export interface SigningKey {
  kid: string;
  public_x: string;
  sealed_private: Uint8Array;
  published_at: string;
  active_from: string;
  retired_at: string | null;
}

/** Keys that may sign now, the one to use first. */
export function signingOrder<K extends Pick<SigningKey, 'active_from'>>(keys: readonly K[], now_ms: number): K[] {
  return keys
    .filter((key) => Date.parse(key.active_from) <= now_ms)
    .sort((left, right) => Date.parse(right.active_from) - Date.parse(left.active_from));
}

/** The key that is published and waits for its first use; there is at most one. */
export function waitingKey<K extends Pick<SigningKey, 'active_from'>>(keys: readonly K[], now_ms: number): K | undefined {
  return keys.find((key) => Date.parse(key.active_from) > now_ms);
}

/** Retired before this moment, in epoch milliseconds, a key has no token left that is good. */
export function removableBeforeMs(now_ms: number): number {
  return now_ms - accessTokenSeconds * 1_000 - removalMarginMs;
}

export type PublishedKey = {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  kid: string;
  alg: 'EdDSA';
  use: 'sig';
};

/** The key set (RFC 7517) that verifiers read: retired keys and those not yet in use belong to it. */
export function keySetOf(keys: readonly Pick<SigningKey, 'kid' | 'public_x'>[]): { keys: PublishedKey[] } {
  return { keys: keys.map(publishedKey) };
}

function publishedKey({ kid, public_x }: Pick<SigningKey, 'kid' | 'public_x'>): PublishedKey {
  return { kty: 'OKP', crv: 'Ed25519', x: public_x, kid, alg: 'EdDSA', use: 'sig' };
}

/** What is kept of a key for the receipts it signed. */
export type ReceiptSigningKey = Pick<SigningKey, 'kid' | 'public_x' | 'active_from' | 'retired_at'>;

/** The key set that receipts are checked with: each key with the time in which it signed. */
export function receiptKeySetOf(keys: readonly ReceiptSigningKey[]) {
  return {
    keys: keys.map(({ active_from, retired_at, ...key }) => ({ ...publishedKey(key), active_from, retired_at })),
  };
}
