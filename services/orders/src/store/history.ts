import type { Order, OrderTransition, StaffOrderAction } from '@souk/contracts';
import type { Queryable, Tx } from '@souk/postgres';

const linesMax = 1_000;

/** Everything that happened to an order, in order. */
export function listHistory(db: Queryable, order_id: string): Promise<OrderTransition[]> {
  return db.query<OrderTransition>(
    `select sequence, version, "from", "to", at, cause, cause_id, actor, note
     from order_history where order_id = $1 order by sequence limit $2`,
    [order_id, linesMax],
  );
}

/** Lines of all orders that staff have caused, newest first. */
export function listStaffLines(
  db: Queryable,
  { before, skip, limit }: { before: number | undefined; skip: number; limit: number },
): Promise<StaffOrderAction[]> {
  return db.query<StaffOrderAction>(
    `select h.order_id, o.order_number, h.sequence, h.version, h."from", h."to", h.at, h.cause, h.cause_id, h.actor, h.note
     from order_history h join orders o on o.id = h.order_id
     where h.actor like 'staff:%' and ($1::int8 is null or h.sequence < $1) order by h.sequence desc offset $2 limit $3`,
    [before ?? null, skip, limit],
  );
}

/** A line of an order, or its customer and status alone where nothing is new. */
export type HistoryRow = { order_id: string; user_id: string; linked_to: string | null; status: Order['status'] } & {
  [Column in keyof OrderTransition]: OrderTransition[Column] | null;
};

/** Customer, whom that is linked to, and status of each order and its lines after the given sequence, at most `lines_max` of each, all of one moment. */
export function readNewLines(
  db: Queryable,
  { order_ids, afters, lines_max }: { order_ids: readonly string[]; afters: readonly number[]; lines_max: number },
): Promise<HistoryRow[]> {
  return db.query<HistoryRow>(
    `select o.id order_id, o.user_id, l.user_id linked_to, o.status, h.sequence, h.version, h."from", h."to", h.at, h.cause, h.cause_id, h.actor, h.note
     from (select order_id, min(after) after from unnest($1::uuid[], $2::int8[]) asked (order_id, after) group by order_id) a
     join orders o on o.id = a.order_id
     left join linked_guests l on l.guest_user_id = o.user_id
     left join lateral (
       select * from order_history where order_id = a.order_id and sequence > a.after order by sequence limit $3
     ) h on true
     order by o.id, h.sequence`,
    [order_ids, afters, lines_max],
  );
}

/** A line about an order that changes neither its status nor its version. */
export interface OrderNote {
  order_id: string;
  at: string;
  cause: string;
  cause_id: string;
  note: string;
  /** What it is about: the same thing is noted once. */
  note_key: string;
}

/** Notes of orders that are not there are dropped. The orders are locked, so that each note names the version that holds. */
export async function addNotes(tx: Tx, notes: readonly OrderNote[]): Promise<void> {
  await tx.query(
    `with noted as (
       select id, version, status from orders where id = any($1::uuid[]) order by id for no key update
     )
     insert into order_history (order_id, version, "from", "to", at, cause, cause_id, actor, note, note_key)
     select o.id, o.version, o.status, o.status, n.at, n.cause, n.cause_id, 'system', n.note, n.note_key
     from json_to_recordset($2::json) n (order_id uuid, at timestamptz, cause text, cause_id text, note text, note_key text)
     join noted o on o.id = n.order_id
     on conflict (order_id, note_key) where note_key is not null do nothing`,
    [notes.map(({ order_id }) => order_id), JSON.stringify(notes)],
  );
}
