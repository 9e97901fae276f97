/** SQL of the table api_keys. */
import type { Queryable, Tx } from '@souk/postgres';
import type { ApiKeyRow, KnownKey } from '../domain/api-key.ts';

const columns = 'id, user_id, name, scopes, key_hash, created_at, expires_at, last_used_at, deleted_at';

/** How many keys of the account can still be used. */
export async function countUsableKeys(tx: Tx, user_id: string, now: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    'select count(*)::int n from api_keys where user_id = $1 and deleted_at is null and (expires_at is null or expires_at > $2)',
    [user_id, now],
  );
  return row?.n ?? 0;
}

export async function insertKey(tx: Tx, key: ApiKeyRow): Promise<void> {
  const { id, user_id, name, scopes, key_hash, created_at, expires_at, last_used_at, deleted_at } = key;
  await tx.query(`insert into api_keys (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [
    id,
    user_id,
    name,
    scopes,
    key_hash,
    created_at,
    expires_at,
    last_used_at,
    deleted_at,
  ]);
}

/** Newest first: ids grow with time. Those that were deleted are left out. */
export function listKeys(db: Queryable, page: { before: string | undefined; skip: number; limit: number }): Promise<ApiKeyRow[]> {
  return db.query<ApiKeyRow>(
    `select ${columns} from api_keys where deleted_at is null and ($1::uuid is null or id < $1) order by id desc offset $2 limit $3`,
    [page.before ?? null, page.skip, page.limit],
  );
}

/** A key with what its creator is now, also where it has ended; none of an account that was erased. */
export async function findKey(db: Queryable, id: string): Promise<KnownKey | undefined> {
  const [key] = await db.query<KnownKey>(
    `select k.id, k.user_id, k.name, k.scopes, k.key_hash, k.created_at, k.expires_at, k.last_used_at, k.deleted_at, a.role,
       exists (select from second_factors f where f.user_id = a.id and f.confirmed_at is not null) second_factor
     from api_keys k join accounts a on a.id = k.user_id
     where k.id = $1 and a.erased_at is null`,
    [id],
  );
  return key;
}

/** That the key was used; a later use that was written already stays. */
export async function noteUse(db: Queryable, id: string, now: string): Promise<void> {
  await db.query('update api_keys set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at < $2)', [id, now]);
}

/** `deleted` when it ends now, `ended` when it had been deleted before; undefined for an unknown one. With the account it belongs to. */
export async function deleteKey(tx: Tx, id: string, now: string): Promise<{ user_id: string; outcome: 'deleted' | 'ended' } | undefined> {
  const [key] = await tx.query<{ user_id: string; deleted_at: string | null }>(
    'select user_id, deleted_at from api_keys where id = $1 for update',
    [id],
  );
  if (key === undefined) return undefined;
  if (key.deleted_at !== null) return { user_id: key.user_id, outcome: 'ended' };
  await tx.query('update api_keys set deleted_at = $2 where id = $1', [id, now]);
  return { user_id: key.user_id, outcome: 'deleted' };
}

/** Ends the keys of an account; answers their ids. */
export async function deleteKeysOf(tx: Tx, user_id: string, now: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    'update api_keys set deleted_at = $2 where user_id = $1 and deleted_at is null returning id',
    [user_id, now],
  );
  return rows.map(({ id }) => id);
}

/** Removes the keys of an account, with the names it gave them. */
export async function removeKeysOf(tx: Tx, user_id: string): Promise<void> {
  await tx.query('delete from api_keys where user_id = $1', [user_id]);
}

/** Removes at most `most` keys that were deleted or expired before; answers how many. */
export async function removeEndedApiKeys(db: Queryable, before: string, most: number): Promise<number> {
  const [row] = await db.query<{ removed: number }>(
    `with gone as (
       delete from api_keys where id in (
         select id from api_keys where (deleted_at is not null or expires_at is not null) and least(deleted_at, expires_at) < $1
         limit $2 for update skip locked
       ) returning 1
     ) select count(*)::int removed from gone`,
    [before, most],
  );
  return row?.removed ?? 0;
}
