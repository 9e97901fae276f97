import { getKeySet } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { type Dispatcher, request } from 'undici';
import type { KeySet } from '../auth/key-store.ts';

const timeoutMs = 3_000;
const bytesMax = 65_536;

/** Asks the users service for the public keys of access tokens; throws `service_unavailable`. */
export async function fetchKeySet(users_url: string, dispatcher: Dispatcher): Promise<KeySet> {
  try {
    const answer = await request(new URL(getKeySet.path, users_url), { dispatcher, signal: AbortSignal.timeout(timeoutMs) });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 || text.length > bytesMax) throw new Error(`the key set was answered with ${answer.statusCode}`);
    const set = JSON.parse(text) as KeySet;
    if (!Array.isArray(set.keys)) throw new Error('the key set has no keys');
    return set;
  } catch (error) {
    throw new AppError('service_unavailable', 'The key set of users cannot be read now.', {}, error);
  }
}
