/** `souk keys rotate`: a new key to sign access tokens with. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, ProblemError } from '@souk/client';
import { type ResponseOf, refusal, rotateSigningKeys } from '@souk/contracts';
import { platformKeys } from '@souk/kernel/platform-keys';
import { readConfig } from '../config.ts';
import { needRunning } from '../running.ts';

const timeoutMs = 10_000;

/** One request, one transaction in `users`: what is interrupted has published a key or has not, and repeating it answers the same key. */
export async function keys(verb: string | undefined, json: boolean): Promise<number> {
  if (verb !== 'rotate') throw refusal('validation_failed', 'souk keys knows one verb: souk keys rotate');
  const { home } = readConfig();
  const { urls } = await needRunning(home);
  const key = await rotate(urls['users'] ?? '', (await readFile(join(home, 'secrets', 'internal_token'), 'utf8')).trim());
  if (json) process.stdout.write(`${JSON.stringify(key, null, 2)}\n`);
  else
    process.stdout.write(
      `Key ${key.kid} is published and signs access tokens from ${key.active_from} on.\nNo session ends. The keys before it are removed when their last token has ended.\n`,
    );
  return 0;
}

async function rotate(users_url: string, internal_token: string): Promise<ResponseOf<typeof rotateSigningKeys>> {
  const users = createClient({ base_url: users_url, token: platformKeys(internal_token).internalToken('users'), retries: 0 });
  try {
    return await users.must(rotateSigningKeys, { timeout_ms: timeoutMs });
  } catch (error) {
    if (error instanceof ProblemError) throw refusal('service_unavailable', `users refused: ${error.detail}`, {}, error);
    throw refusal('service_unavailable', 'The users service does not answer. Nothing is lost by trying again.', {}, error);
  }
}
