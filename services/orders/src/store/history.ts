import type { Order, OrderTransition } from '@souk/contracts';
import type { Queryable } from '@souk/postgres';

const linesMax = 1_000;

/** Everything that happened to an order, in order. */
export function listHistory(db: Queryable, order_id: string): Promise<OrderTransition[]> {
  return db.query<OrderTransition>(
    `select sequence, version, "from", "to", at, cause, cause_id, actor, note
     from order_history where order_id = $1 order by sequence limit $2`,
    [order_id, linesMax],
  );
}

/** A line of an order, or its customer and status alone where nothing is new. */
export type HistoryRow = { order_id: string; user_id: string; status: Order['status'] } & {
  [Column in keyof OrderTransition]: OrderTransition[Column] | null;
};

/** Customer and status of each order and its lines after the given sequence, at most `lines_max` of each, all of one moment. */
export function readNewLines(
  db: Queryable,
  { order_ids, afters, lines_max }: { order_ids: readonly string[]; afters: readonly number[]; lines_max: number },
): Promise<HistoryRow[]> {
  return db.query<HistoryRow>(
    `select o.id order_id, o.user_id, o.status, h.sequence, h.version, h."from", h."to", h.at, h.cause, h.cause_id, h.actor, h.note
     from (select order_id, min(after) after from unnest($1::uuid[], $2::int8[]) asked (order_id, after) group by order_id) a
     join orders o on o.id = a.order_id
     left join lateral (
       select * from order_history where order_id = a.order_id and sequence > a.after order by sequence limit $3
     ) h on true
     order by o.id, h.sequence`,
    [order_ids, afters, lines_max],
  );
}
