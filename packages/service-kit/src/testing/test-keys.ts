import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Role } from '../auth/caller.ts';
import type { KeySet } from '../auth/key-store.ts';
import { audience, issuer } from '../auth/verifier.ts';

export interface TokenOptions {
  user_id?: string;
  role?: Role;
  /** Of an API key: its id, and its scopes with spaces between them. */
  key?: { id: string; scope: string };
  /** Stands for the address behind the account. */
  customer_key?: string;
  /** Seconds from now; below zero for a token that has ended. */
  expires_in_s?: number;
  /** Epoch milliseconds taken as now; default the system's. */
  now_ms?: number;
}

/** Keys of a `users` service that exists only in a test. */
export interface TestKeys {
  readonly kid: string;
  readonly key_set: KeySet;
  readonly private_key: CryptoKey;
  /** A genuine access token; without options one of a new customer. */
  tokenFor(options?: TokenOptions): Promise<string>;
}

/** Makes a fresh Ed25519 key pair and its public key set under the key id `kid`. */
export async function createTestKeys(kid: string = randomUUID()): Promise<TestKeys> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const key_set: KeySet = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }] };
  return {
    kid,
    key_set,
    private_key: privateKey,
    async tokenFor({ user_id = randomUUID(), role = 'customer', key, customer_key, expires_in_s = 600, now_ms = Date.now() } = {}) {
      const now_s = Math.floor(now_ms / 1_000);
      return new SignJWT({ role, ...(key && { key: key.id, scope: key.scope }), ...(customer_key !== undefined && { customer_key }) })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setSubject(user_id)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(Math.min(now_s, now_s + expires_in_s - 1))
        .setExpirationTime(now_s + expires_in_s)
        .setJti(randomUUID())
        .sign(privateKey);
    },
  };
}
