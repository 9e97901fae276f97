import { hash } from 'node:crypto';
import type { CreatedApiKey, Scope } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { apiKeyOf, apiKeySecretBytes } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { type ApiKeyRow, checkRoomForKey, endOfNewKey, presentKey } from '../domain/api-key.ts';
import { checkRole, type Requester } from '../domain/requester.ts';
import { apiKeyChanged, doingOf } from '../events.ts';
import { countUsableKeys, insertKey } from '../store/api-keys.ts';
import { noteStaffAction } from './note-staff-action.ts';
import { lockActor } from './read-actor.ts';

export interface WantedKey {
  name: string;
  scopes: readonly Scope[];
  expires_at?: string | undefined;
}

/**
 * A key in the name of the requester, who is an administrator at this moment. It is answered here and kept as a digest only. Refuses
 * with `token_invalid`, `forbidden`, `too_many_api_keys`, `validation_failed`.
 */
export async function createApiKey(ctx: UsersContext, requester: Requester, wanted: WantedKey): Promise<CreatedApiKey> {
  const { user_id } = requester;
  const now_ms = ctx.clock.now();
  const id = ctx.ids.uuid();
  const key = apiKeyOf(id, ctx.ids.secret(apiKeySecretBytes));
  const row: ApiKeyRow = {
    id,
    user_id,
    name: wanted.name,
    scopes: [...wanted.scopes],
    key_hash: hash('sha256', key, 'buffer'),
    created_at: timestamp(now_ms),
    expires_at: endOfNewKey(wanted.expires_at, now_ms),
    last_used_at: null,
    deleted_at: null,
  };
  await ctx.db.transaction(async (tx) => {
    const { actor } = await lockActor(ctx, tx, requester, { user_id });
    checkRole(actor, 'admin');
    checkRoomForKey(await countUsableKeys(tx, user_id, row.created_at));
    await insertKey(tx, row);
    await noteStaffAction(ctx, tx, requester, { action: 'api_key_created', user_id, object: id });
    tx.onCommit(() => apiKeyChanged(ctx, 'created', id, doingOf(requester, user_id)));
  });
  return { ...presentKey(row), key };
}
