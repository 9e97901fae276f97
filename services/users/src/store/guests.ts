/** SQL of what is particular to the accounts of guests. */

import { emailKey } from '@souk/kernel';
import type { Queryable, Tx } from '@souk/postgres';

/** Whether an account has linked this guest already. */
export async function isLinked(db: Queryable, id: string): Promise<boolean> {
  const rows = await db.query('select 1 from accounts where id = $1 and linked_to is not null', [id]);
  return rows.length > 0;
}

/** The guests that an account has linked, in order of id. */
export async function linkedGuests(db: Queryable, user_id: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>('select id from accounts where linked_to = $1 order by id', [user_id]);
  return rows.map(({ id }) => id);
}

/** Links at most `most` guests who gave this address and belong to no account; answers those. One that is claimed meanwhile is left out. */
export async function linkGuests(
  tx: Tx,
  { user_id, email, most, now }: { user_id: string; email: string; most: number; now: string },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `with locked as (
       select id from accounts where guest_key = $2 and linked_to is null and kind = 'guest' and erased_at is null
       order by id limit $3 for update
     )
     update accounts a set linked_to = $1, version = a.version + 1, updated_at = $4 from locked where a.id = locked.id returning a.id`,
    [user_id, emailKey(email), most, now],
  );
  return rows.map(({ id }) => id).sort();
}

/** Guests who came before `opened_before`, whose sessions have all ended and of whom no order is known, in order of id. */
export async function idleGuests(db: Queryable, { opened_before, limit }: { opened_before: string; limit: number }): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from accounts a
     where kind = 'guest' and erased_at is null and linked_to is null and not has_ordered and created_at < $1
       and not exists (select from sessions s where s.user_id = a.id)
     order by id limit $2`,
    [opened_before, limit],
  );
  return rows.map(({ id }) => id);
}

/** Those of the guests that are still what `idleGuests` looks for, locked in order of id. */
export async function lockIdleGuests(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(
    `select id from accounts a
     where id = any($1::uuid[]) and kind = 'guest' and erased_at is null and linked_to is null and not has_ordered
       and not exists (select from sessions s where s.user_id = a.id)
     order by id for update`,
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

export async function noteOrders(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.query(`update accounts set has_ordered = true where id = any($1::uuid[]) and kind = 'guest'`, [ids]);
}

/** Guests that changed since then and are linked, in order of id after `after`. */
export function linkedSince(
  db: Queryable,
  page: { since: string; after: string | undefined; limit: number },
): Promise<{ user_id: string; guest_user_id: string }[]> {
  return db.query<{ user_id: string; guest_user_id: string }>(
    `select linked_to user_id, id guest_user_id from accounts
     where linked_to is not null and updated_at >= $1::timestamptz and ($2::uuid is null or id > $2) order by id limit $3`,
    [page.since, page.after ?? null, page.limit],
  );
}
