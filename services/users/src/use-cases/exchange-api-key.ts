/** What stands for an API key behind the gateway: an access token that services verify offline, as they do those of people. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { ExchangedKey, KeyFault } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { apiKeyIdOf } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { isUseDue, keyFault, secondsLeft } from '../domain/api-key.ts';
import { accessTokenSeconds } from '../domain/signing-key.ts';
import { findKey, noteUse } from '../store/api-keys.ts';

/**
 * A token with the role `staff` and the scopes of the key, or why there is none. Gateways ask every half minute while a key is used;
 * so this is also where its last use is written down.
 */
export async function exchangeApiKey(ctx: UsersContext, key: string): Promise<ExchangedKey> {
  const id = apiKeyIdOf(key);
  const known = id === undefined ? undefined : await findKey(ctx.db, id);
  if (known === undefined || !timingSafeEqual(known.key_hash, hash('sha256', key, 'buffer'))) return refused('unknown');
  const now_ms = ctx.clock.now();
  const fault = keyFault(known, ctx.config.second_factor_required, now_ms);
  if (fault !== undefined) return refused(fault);
  if (isUseDue(known, now_ms)) await noteUse(ctx.db, known.id, timestamp(now_ms));
  const expires_in = secondsLeft(known, accessTokenSeconds, now_ms);
  const { user_id, scopes } = known;
  const access_token = await ctx.signer.signForKey({ user_id, role: 'staff', key_id: known.id, scopes }, expires_in);
  return { access_token, expires_in, refused: null };
}

function refused(fault: KeyFault): ExchangedKey {
  return { access_token: null, expires_in: 0, refused: fault };
}
