import type { Cause } from '@souk/messaging';
import type { Queryable, Tx } from '@souk/postgres';

export interface Erasure {
  user_id: string;
  erased_at: string;
  /** Correlation and trace of the erasure. */
  cause: Cause;
}

/** Remembers that users were erased; the first time counts. */
export async function rememberErasures(tx: Tx, erasures: readonly Erasure[]): Promise<void> {
  const sorted = [...erasures].sort((left, right) => (left.user_id < right.user_id ? -1 : 1));
  await tx.query(
    `insert into erased_users (user_id, erased_at, cause)
     select * from json_to_recordset($1::json) as e (user_id uuid, erased_at timestamptz, cause jsonb) on conflict do nothing`,
    [JSON.stringify(sorted)],
  );
}

/** Those of the people who were erased. */
export async function erasedAmong(db: Queryable, user_ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ user_id: string }>('select user_id from erased_users where user_id = any($1::uuid[])', [user_ids]);
  return new Set(rows.map(({ user_id }) => user_id));
}

/** Erasures that may still have something to do, in order of user, after `after`. */
export function unfinishedErasures(tx: Tx, after: string | undefined, limit: number): Promise<Erasure[]> {
  return tx.query<Erasure>(
    `select user_id, erased_at, cause from erased_users where finished_at is null and user_id > $1::uuid order by user_id limit $2`,
    [after ?? '00000000-0000-0000-0000-000000000000', limit],
  );
}

/** Waiting orders of these users, locked, so that none of them is confirmed before it is cancelled. */
export function waitingOrdersOf(tx: Tx, user_ids: readonly string[], limit: number): Promise<{ id: string; user_id: string }[]> {
  return tx.query(
    `select id, user_id from orders where user_id = any($1::uuid[]) and status in ('pending', 'awaiting_payment')
     order by id limit $2 for no key update`,
    [user_ids, limit],
  );
}

/** Forgets where finished orders of these users went and what people wrote about them, the customers and staff; each change is a version and a line of history. Answers the orders. */
export function blankAddresses(tx: Tx, user_ids: readonly string[], at: string, limit: number): Promise<{ id: string }[]> {
  return tx.query<{ id: string }>(
    `with found as (
       select id from orders
       where user_id = any($1::uuid[]) and shipping_address is not null and status in ('shipped', 'completed', 'cancelled') and coalesce(unsent_pieces, 0) = 0
       order by id limit $3 for no key update
     ), blanked as (
       update orders o set shipping_address = null, billing_address = null, payment_method = null, version = o.version + 1, updated_at = $2::timestamptz
       from found where o.id = found.id returning o.id, o.version, o.status, o.user_id
     ), silenced as (
       update order_history h set note = case h.cause when 'payment.refunded' then split_part(h.note, ':', 1) end from blanked b
       where h.order_id = b.id and h.note is not null and (h.actor like 'user:%' or h.actor like 'staff:%' or h.cause = 'payment.refunded')
     ), noted as (
       insert into order_history (order_id, version, "from", "to", at, cause, actor, note, note_key)
       select id, version, status, status, $2::timestamptz, 'user.deleted', 'system', 'the shipping address was erased', 'erasure:' || user_id from blanked
       on conflict (order_id, note_key) where note_key is not null do nothing
     )
     select id from blanked`,
    [user_ids, at, limit],
  );
}

/** Forgets what these users, and staff, wrote about their returns. */
export async function blankReturns(tx: Tx, user_ids: readonly string[]): Promise<void> {
  await tx.query(
    `update returns set refund = refund - 'reason', items = (select jsonb_agg(i - 'reason') from jsonb_array_elements(items) i)
     where user_id = any($1::uuid[])`,
    [user_ids],
  );
}

/** Erasures older than any token can be, with no address left, are finished. */
export async function closeErasures(tx: Tx, user_ids: readonly string[], erased_before: string, at: string): Promise<void> {
  await tx.query(
    `update erased_users e set finished_at = $3::timestamptz
     where e.user_id = any($1::uuid[]) and e.erased_at < $2::timestamptz
       and not exists (select from orders o where o.user_id = e.user_id and o.shipping_address is not null)`,
    [user_ids, erased_before, at],
  );
}
