import type { Queryable } from '@souk/postgres';

export interface StatusCount {
  status: string;
  /** Counted up to `counted_max`. */
  orders: number;
  /** When the oldest was placed; null when there is none. */
  oldest_at: string | null;
}

/** Beyond it the exact number is of no use. */
const countedMax = 100_000;

const [firstId, lastId] = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

/**
 * How many orders have each status, and since when. Status and id are compared together: only the index of both has rows in that order,
 * while those of one status in order of id are also found by reading all orders, which takes long where few have it.
 */
export function countByStatus(db: Queryable, statuses: readonly string[], counted_max = countedMax): Promise<StatusCount[]> {
  return db.query<StatusCount>(
    `select s.status,
            (select count(*)::int from (
               select from orders o where (o.status, o.id) >= (s.status, $3::uuid) and (o.status, o.id) <= (s.status, $4::uuid)
               order by o.status, o.id limit $2
             ) counted) orders,
            (select o.created_at from orders o where (o.status, o.id) >= (s.status, $3::uuid) and (o.status, o.id) <= (s.status, $4::uuid)
             order by o.status, o.id limit 1) oldest_at
     from unnest($1::text[]) s (status)`,
    [statuses, counted_max, firstId, lastId],
  );
}
