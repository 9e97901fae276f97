import type { OrderTransition } from '@souk/contracts';
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
