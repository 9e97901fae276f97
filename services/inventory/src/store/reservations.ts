/**
 * SQL of the table reservations. An order's row is written before anything else is locked, and its primary key is what
 * makes one of several processes that handle the same order wait for the other: first new rows, then existing rows, then
 * stock, each in the order of ids, so that no two transactions wait for each other.
 */
import type { Tx } from '@souk/postgres';
import type { Line, Reservation, ReservationStatus } from '../domain/reservation.ts';

/** Holds these orders unless something is known of them already; answers those of which nothing was. */
export async function claimReservations(
  tx: Tx,
  status: Extract<ReservationStatus, 'held' | 'tombstone'>,
  orders: readonly { order_id: string; items: readonly Line[] }[],
  now: string,
): Promise<Set<string>> {
  const sorted = [...orders].sort((left, right) => (left.order_id < right.order_id ? -1 : 1));
  const claimed = await tx.query<{ order_id: string }>(
    `insert into reservations (order_id, status, items, created_at, updated_at)
     select o.order_id, $3, o.items::jsonb, $4, $4 from unnest($1::uuid[], $2::text[]) o (order_id, items)
     on conflict (order_id) do nothing returning order_id`,
    [sorted.map((order) => order.order_id), sorted.map((order) => linesText(order.items)), status, now],
  );
  return new Set(claimed.map((row) => row.order_id));
}

/** Only what a line is: an order's line also has a price. */
function linesText(items: readonly Line[]): string {
  return JSON.stringify(items.map(({ product_id, quantity }) => ({ product_id, quantity })));
}

/** What is known of these orders, locked until the end of the transaction. */
export function lockReservations(tx: Tx, order_ids: readonly string[]): Promise<Reservation[]> {
  return tx.query<Reservation>(
    'select order_id, status, items, shipped_items from reservations where order_id = any($1::uuid[]) order by order_id for update',
    [order_ids],
  );
}

export async function setStatus(tx: Tx, order_ids: readonly string[], status: ReservationStatus, now: string): Promise<void> {
  await tx.query('update reservations set status = $2, updated_at = $3 where order_id = any($1::uuid[])', [order_ids, status, now]);
}

/** Writes what was booked of shipments. */
export async function saveShipped(tx: Tx, reservations: readonly Reservation[], now: string): Promise<void> {
  await tx.query(
    `update reservations r set status = s.status, shipped_items = s.shipped_items::jsonb, updated_at = $4
     from unnest($1::uuid[], $2::text[], $3::text[]) s (order_id, status, shipped_items) where r.order_id = s.order_id`,
    [
      reservations.map(({ order_id }) => order_id),
      reservations.map(({ status }) => status),
      reservations.map(({ shipped_items }) => shipped_items && JSON.stringify(shipped_items)),
      now,
    ],
  );
}

/** Takes back claims of the same transaction, as if no event of these orders had been received. */
export async function unclaimReservations(tx: Tx, order_ids: readonly string[]): Promise<void> {
  await tx.query('delete from reservations where order_id = any($1::uuid[])', [order_ids]);
}
