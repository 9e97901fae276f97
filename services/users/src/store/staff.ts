/** SQL about the accounts of staff, and of the table staff_actions. */
import type { SecondFactor, StaffAccount, StaffAction } from '@souk/contracts';
import type { Queryable, Tx } from '@souk/postgres';

export interface StaffPage {
  before: string | undefined;
  skip: number;
  limit: number;
}

/** Newest first: ids grow with time. */
export async function listStaff(db: Queryable, { before, skip, limit, now }: StaffPage & { now: string }): Promise<StaffAccount[]> {
  const rows = await db.query<Omit<StaffAccount, 'second_factor'> & { second_factor: string }>(
    `select a.id, a.username, a.email, a.full_name, a.role, a.version, a.created_at,
       case when f.user_id is null then 'disabled' when f.confirmed_at is null then 'pending' else 'enabled' end second_factor,
       coalesce(s.sessions, 0)::int sessions, s.renewed_at
     from accounts a
     left join second_factors f on f.user_id = a.id
     left join lateral (
       select count(*) sessions, max(renewed_at) renewed_at from sessions where user_id = a.id and expires_at > $4
     ) s on true
     where a.role <> 'customer' and a.erased_at is null and ($1::uuid is null or a.id < $1)
     order by a.id desc offset $2 limit $3`,
    [before ?? null, skip, limit, now],
  );
  return rows.map((row) => ({ ...row, second_factor: row.second_factor as SecondFactor['status'] }));
}

export async function insertStaffAction(tx: Tx, { id, at, by, action, user_id, object }: StaffAction): Promise<void> {
  await tx.query('insert into staff_actions (id, at, by, action, user_id, object) values ($1, $2, $3, $4, $5, $6)', [
    id,
    at,
    by,
    action,
    user_id,
    object,
  ]);
}

/** Newest first. */
export function listStaffActions(
  db: Queryable,
  { by, before, skip, limit }: StaffPage & { by: string | undefined },
): Promise<StaffAction[]> {
  return db.query<StaffAction>(
    `select id, at, by, action, user_id, object from staff_actions
     where ($1::uuid is null or by = $1) and ($2::uuid is null or id < $2) order by id desc offset $3 limit $4`,
    [by ?? null, before ?? null, skip, limit],
  );
}

/** Removes at most `most` of those before; answers how many. */
export async function removeStaffActions(db: Queryable, before: string, most: number): Promise<number> {
  const [row] = await db.query<{ removed: number }>(
    `with gone as (
       delete from staff_actions where id in (select id from staff_actions where at < $1 limit $2 for update skip locked) returning 1
     ) select count(*)::int removed from gone`,
    [before, most],
  );
  return row?.removed ?? 0;
}
