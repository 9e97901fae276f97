import type { Queryable, Tx } from '@souk/postgres';

export interface LinkCount {
  order_id: string;
  links: number;
}

/** Counts links by order and answers the sums of the hour, these included. Rows are locked in one order until the commit. */
export function countLinks(tx: Tx, counts: readonly LinkCount[], { now, ends_at }: { now: string; ends_at: string }): Promise<LinkCount[]> {
  return tx.query<LinkCount>(
    `insert into order_link_counts as c (order_id, links, ends_at)
     select order_id, links, $3::timestamptz from json_to_recordset($1::json) w (order_id uuid, links integer) order by order_id
     on conflict (order_id) do update set
       links = case when c.ends_at <= $2::timestamptz then excluded.links else c.links + excluded.links end,
       ends_at = case when c.ends_at <= $2::timestamptz then excluded.ends_at else c.ends_at end
     returning order_id, links`,
    [JSON.stringify(counts), now, ends_at],
  );
}

/** Forgets the counts whose hour has ended. */
export async function forgetLinkCounts(db: Queryable, now: string): Promise<void> {
  await db.query('delete from order_link_counts where ends_at < $1', [now]);
}
