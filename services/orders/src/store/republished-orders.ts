/** SQL for orders that are published once more, and for what is kept only for that. */
import type { Queryable, Tx } from '@souk/postgres';
import type { OrderRecord } from '../domain/order.ts';
import { parcelsOfOrder } from './parcels.ts';

export interface ChangedOrder extends Omit<OrderRecord, 'payment_action' | 'deadline_at'> {
  payment_method: string | null;
  correlation_id: string | null;
  correlation: string | null;
  traceparent: string | null;
}

const columns = `id, order_number, user_id, status, items, total_amount, currency, totals, shipping_address, billing_address, locale, payment_method,
  cancel_reason, carrier, tracking_number, unsent_pieces, ${parcelsOfOrder}, version, created_at, updated_at, correlation_id, correlation, traceparent`;

/** Decided orders that changed since then, in order of id after `after`. */
export function decidedOrders(tx: Tx, page: { since: string; after: string | undefined; limit: number }): Promise<ChangedOrder[]> {
  return tx.query<ChangedOrder>(
    `select ${columns} from orders
     where ($2::uuid is null or id > $2) and updated_at >= $1::timestamptz and status not in ('pending', 'awaiting_payment')
     order by id limit $3`,
    [page.since, page.after ?? null, page.limit],
  );
}

/**
 * Orders that wait, in order of id after `after`. Each gets until `wait_until` at least: the time without any answer does
 * not count.
 */
export function waitingOrders(tx: Tx, page: { after: string | undefined; limit: number; wait_until: string }): Promise<ChangedOrder[]> {
  return tx.query<ChangedOrder>(
    `with waiting as (
       select id from orders
       where ($1::uuid is null or id > $1) and status in ('pending', 'awaiting_payment') order by id limit $2 for no key update
     ), changed as (
       update orders o set deadline_at = greatest(o.deadline_at, $3::timestamptz) from waiting where o.id = waiting.id returning o.*
     )
     select ${columns} from changed orders order by id`,
    [page.after ?? null, page.limit, page.wait_until],
  );
}

/** Forgets the methods of orders that were decided before `decided_before`; `from_id` is where to begin. Answers how many there were. */
export async function forgetMethods(db: Queryable, bounds: { from_id: string; decided_before: string; limit: number }): Promise<number> {
  const rows = await db.query<{ forgotten: number }>(
    `with old as (
       select id from orders
       where id >= $1::uuid and payment_method is not null and status not in ('pending', 'awaiting_payment') and updated_at < $2::timestamptz
       order by id limit $3 for no key update skip locked
     ), gone as (update orders o set payment_method = null from old where o.id = old.id returning 1)
     select count(*)::int as forgotten from gone`,
    [bounds.from_id, bounds.decided_before, bounds.limit],
  );
  return rows[0]?.forgotten ?? 0;
}
