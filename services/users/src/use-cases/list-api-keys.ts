import type { ApiKey } from '@souk/contracts';
import type { UsersContext } from '../context.ts';
import { presentKey } from '../domain/api-key.ts';
import { checkRole, type Requester } from '../domain/requester.ts';
import { listKeys } from '../store/api-keys.ts';
import { readActor } from './read-actor.ts';

/** A page of the keys of all accounts, newest first, and the id to go on from. Refuses with `forbidden`, `token_invalid`. */
export async function listApiKeys(
  ctx: UsersContext,
  requester: Requester,
  { before, skip, limit }: { before: string | undefined; skip: number; limit: number },
): Promise<{ keys: ApiKey[]; next: string | undefined }> {
  checkRole(await readActor(ctx, requester), 'admin');
  const rows = await listKeys(ctx.db, { before, skip, limit: limit + 1 });
  const keys = rows.slice(0, limit).map(presentKey);
  return { keys, next: rows.length > limit ? keys.at(-1)?.id : undefined };
}
