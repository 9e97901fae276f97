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

/** How many orders have each status, and since when. The order makes the planner take the index, whatever the table holds. */
export function countByStatus(db: Queryable, statuses: readonly string[], counted_max = countedMax): Promise<StatusCount[]> {
  return db.query<StatusCount>(
    `select s.status,
            (select count(*)::int from (select from orders o where o.status = s.status order by o.id limit $2) counted) orders,
            (select o.created_at from orders o where o.status = s.status order by o.id limit 1) oldest_at
     from unnest($1::text[]) s (status)`,
    [statuses, counted_max],
  );
}
