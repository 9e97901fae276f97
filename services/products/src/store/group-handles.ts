/** SQL of all handles, in parts. */
import type { Queryable } from '@souk/postgres';

/** The first handle of each part of this many groups that are sold. Reads the index of handles once. */
export async function findPartStarts(db: Queryable, size: number): Promise<string[]> {
  const rows = await db.query<{ handle: string }>(
    `select handle from (
       select handle, row_number() over (order by handle) as number from groups where handle is not null and active_count > 0
     ) numbered
     where number % $1::bigint = 1 order by handle`,
    [size],
  );
  return rows.map(({ handle }) => handle);
}

/** Handles of groups that are sold, from this one on. */
export async function findHandles(db: Queryable, from: string, limit: number): Promise<string[]> {
  const rows = await db.query<{ handle: string }>(
    'select handle from groups where handle >= $1 and active_count > 0 order by handle limit $2',
    [from, limit],
  );
  return rows.map(({ handle }) => handle);
}
