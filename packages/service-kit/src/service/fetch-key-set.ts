import { getKeySet } from '@souk/contracts';
import { challengeHeader, isProof, newChallenge, proofHeader } from '@souk/discovery';
import { AppError } from '@souk/kernel';
import { type Dispatcher, request } from 'undici';
import type { KeySet } from '../auth/key-store.ts';

const timeoutMs = 3_000;
const bytesMax = 65_536;
/** Where users is reached is configured: it need not know under which name. */
const anywhere = { host: '', port: 0 };

/** Asks the users service for the public keys of access tokens, and believes no other program at its address; throws `service_unavailable`. */
export async function fetchKeySet(users_url: string, dispatcher: Dispatcher, identity_key: Buffer): Promise<KeySet> {
  const challenge = newChallenge('users', undefined);
  try {
    const headers = { [challengeHeader]: challenge };
    const answer = await request(new URL(getKeySet.path, users_url), { dispatcher, headers, signal: AbortSignal.timeout(timeoutMs) });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 || text.length > bytesMax) throw new Error(`the key set was answered with ${answer.statusCode}`);
    if (!isProof(identity_key, challenge, anywhere, answer.headers[proofHeader]))
      throw new Error(`what answers at ${users_url} does not prove that it is users of this installation`);
    const set = JSON.parse(text) as KeySet;
    if (!Array.isArray(set.keys)) throw new Error('the key set has no keys');
    return set;
  } catch (error) {
    throw new AppError('service_unavailable', 'The key set of users cannot be read now.', {}, error);
  }
}
