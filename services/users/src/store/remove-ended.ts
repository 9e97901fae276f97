/** SQL of what the tables of counts have in common: rows of a scope and a subject that end by themselves. */
import type { Queryable } from '@souk/postgres';

type Ending = { table: 'message_counts'; ends: 'ends_at' } | { table: 'login_failures'; ends: 'expires_at' };

/** Removes at most `most` rows that have ended; answers how many. Rows that are in use stay for the next time. */
export async function removeEnded(db: Queryable, { table, ends }: Ending, now: string, most: number): Promise<number> {
  const [row] = await db.query<{ removed: number }>(
    `with gone as (
       delete from ${table} where (scope, subject) in (
         select scope, subject from ${table} where ${ends} < $1 limit $2 for update skip locked
       ) returning 1
     ) select count(*)::int removed from gone`,
    [now, most],
  );
  return row?.removed ?? 0;
}
