import type { Queryable } from '@souk/postgres';

export interface StatusCount {
  status: string;
  /** Counted up to 100,000: beyond it the exact number would help nobody. */
  orders: number;
  /** When the oldest was placed; null when there is none. */
  oldest_at: string | null;
}

const countedMax = 100_000;

/** How many orders have each status, and since when. The order makes the planner take the index, whatever the table holds. */
export function countByStatus(db: Queryable, statuses: readonly string[]): Promise<StatusCount[]> {
  return db.query<StatusCount>(
    `select s.status,
            (select count(*)::int from (select from orders o where o.status = s.status order by o.id limit ${countedMax}) counted) orders,
            (select o.created_at from orders o where o.status = s.status order by o.id limit 1) oldest_at
     from unnest($1::text[]) s (status)`,
    [statuses],
  );
}
