/** Signs access tokens with the Ed25519 key in use. The keys are read anew every minute, long before a new one is due. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { receiptType } from '@souk/contracts';
import { AppError, type Clock, type IdSource, required } from '@souk/kernel';
import { audience, issuer } from '@souk/service-kit';
import { CompactSign, type JWTPayload, SignJWT } from 'jose';
import type { KeyedDigests, TokenSigner } from '../domain/required-interfaces.ts';
import { accessTokenSeconds, type SigningKey, signingOrder } from '../domain/signing-key.ts';

const rereadMs = 60_000;

interface UsableKey {
  kid: string;
  active_from: string;
  key: KeyObject;
}

export interface TokenSignerOptions {
  loadKeys: () => Promise<SigningKey[]>;
  digests: KeyedDigests;
  clock: Clock;
  ids: IdSource;
}

export function createTokenSigner({ loadKeys, digests, clock, ids }: TokenSignerOptions): TokenSigner {
  let keys: readonly UsableKey[] = [];
  let read_at = Number.NEGATIVE_INFINITY;

  const currentKey = async (): Promise<UsableKey> => {
    if (clock.now() - read_at >= rereadMs) {
      keys = (await loadKeys()).flatMap((stored) => usable(stored, digests));
      read_at = clock.now();
    }
    const [current] = signingOrder(keys, clock.now());
    if (current === undefined) throw new AppError('keys_unavailable', 'There is no key to sign access tokens with.');
    return current;
  };

  const signed = async (user_id: string, claims: JWTPayload, seconds: number): Promise<string> => {
    const { kid, key } = await currentKey();
    const now_s = Math.floor(clock.now() / 1_000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setSubject(user_id)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now_s)
      .setExpirationTime(now_s + seconds)
      .setJti(ids.uuid())
      .sign(key);
  };

  return {
    sign: ({ user_id, role, session_id: sid, customer_key }) => signed(user_id, { role, sid, customer_key }, accessTokenSeconds),
    signForKey: ({ user_id, role, key_id, scopes }, seconds) => signed(user_id, { role, key: key_id, scope: scopes.join(' ') }, seconds),
    async signReceipt(receipt) {
      const { kid, key } = await currentKey();
      const payload = new TextEncoder().encode(JSON.stringify(receipt));
      return new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA', kid, typ: receiptType }).sign(key);
    },
    makeKey() {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const public_x = required(publicKey.export({ format: 'jwk' }).x, 'the public half of a new key');
      return { kid: ids.uuid(), public_x, sealed_private: digests.seal('keys', privateKey.export({ format: 'der', type: 'pkcs8' })) };
    },
    canSign: (sealed_private) => digests.open('keys', sealed_private) !== undefined,
    forget() {
      read_at = Number.NEGATIVE_INFINITY;
    },
  };
}

function usable({ kid, active_from, sealed_private }: SigningKey, digests: KeyedDigests): UsableKey[] {
  const plain = digests.open('keys', sealed_private);
  if (plain === undefined) return [];
  return [{ kid, active_from, key: createPrivateKey({ key: Buffer.from(plain), format: 'der', type: 'pkcs8' }) }];
}
