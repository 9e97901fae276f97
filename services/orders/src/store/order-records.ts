/** What one order is explained from: its row, with when its customer was erased and who has linked a guest. */
import type { OrderTransition } from '@souk/contracts';
import type { Queryable } from '@souk/postgres';
import type { OrderRecord } from '../domain/order.ts';

export interface RecordedOrderRow
  extends Pick<
    OrderRecord,
    'id' | 'order_number' | 'user_id' | 'status' | 'items' | 'total_amount' | 'currency' | 'totals' | 'version' | 'cancel_reason'
  > {
  linked_to: string | null;
  deadline_at: string | null;
  correlation_id: string | null;
  traceparent: string | null;
  placed_under_key: boolean;
  erased_at: string | null;
  created_at: string;
  updated_at: string;
}

export async function findRecordedOrder(db: Queryable, order_id: string): Promise<RecordedOrderRow | undefined> {
  const [row] = await db.query<RecordedOrderRow>(
    `select o.id, o.order_number, o.user_id, l.user_id linked_to, o.status, o.items, o.total_amount, o.currency, o.totals, o.version, o.cancel_reason,
       case when isfinite(o.deadline_at) then o.deadline_at end deadline_at, o.correlation_id, o.traceparent,
       o.idempotency_key is not null placed_under_key, e.erased_at, o.created_at, o.updated_at
     from orders o left join erased_users e on e.user_id = o.user_id left join linked_guests l on l.guest_user_id = o.user_id
     where o.id = $1`,
    [order_id],
  );
  return row;
}

export async function findIdOfNumber(db: Queryable, order_number: string): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>('select id from orders where order_number = $1', [order_number]);
  return row?.id;
}

export type RecordedTransitionRow = OrderTransition & { note_key: string | null };

const linesMax = 1_000;

/** The history with what its notes are about. */
export function recordedTransitions(db: Queryable, order_id: string): Promise<RecordedTransitionRow[]> {
  return db.query<RecordedTransitionRow>(
    `select sequence, version, "from", "to", at, cause, cause_id, actor, note, note_key
     from order_history where order_id = $1 order by sequence limit $2`,
    [order_id, linesMax],
  );
}
