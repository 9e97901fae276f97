import { refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { UsersContext } from '../context.ts';
import { checkRole, type Requester } from '../domain/requester.ts';
import { apiKeyChanged, doingOf } from '../events.ts';
import { deleteKey } from '../store/api-keys.ts';
import { noteStaffAction } from './note-staff-action.ts';
import { lockActor } from './read-actor.ts';

/** Ends a key, of whichever administrator; once more changes nothing. Gateways follow within half a minute. Refuses with `token_invalid`, `forbidden`, `not_found`. */
export async function deleteApiKey(ctx: UsersContext, requester: Requester, key_id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { actor } = await lockActor(ctx, tx, requester, { user_id: requester.user_id });
    checkRole(actor, 'admin');
    const key = await deleteKey(tx, key_id, timestamp(ctx.clock.now()));
    if (key === undefined) throw refusal('not_found', 'There is no such API key.');
    if (key.outcome !== 'deleted') return;
    await noteStaffAction(ctx, tx, requester, { action: 'api_key_deleted', user_id: key.user_id, object: key_id });
    tx.onCommit(() => apiKeyChanged(ctx, 'deleted', key_id, doingOf(requester, key.user_id)));
  });
}
