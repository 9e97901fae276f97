/** SQL of parcels. They are written under the lock of the row of their order. */
import type { Tx } from '@souk/postgres';
import type { ParcelRecord } from '../domain/parcel.ts';
import type { OrderLine } from '../domain/price-order.ts';

/** The parcels of a row of `orders`, as a column of its own: read for orders that can have some. */
export const parcelsOfOrder = `case when orders.status in ('shipped', 'completed') then (
    select json_agg(json_build_object('id', p.id, 'number', p.number, 'items', p.items, 'carrier', p.carrier, 'tracking_number', p.tracking_number,
      'tracking_url', p.tracking_url, 'sent_at', p.sent_at, 'delivered_at', p.delivered_at) order by p.number)
    from parcels p where p.order_id = orders.id) end as parcels`;

/** An order as far as its parcels and returns are about it. */
export interface LockedOrder {
  id: string;
  order_number: string;
  user_id: string;
  locale: string | null;
  status: 'pending' | 'awaiting_payment' | 'confirmed' | 'shipped' | 'completed' | 'cancelled';
  items: OrderLine[];
  currency: string;
  carrier: string | null;
  tracking_number: string | null;
  unsent_pieces: number | null;
  version: number;
}

/** The order, locked, so that its parcels and returns are decided one after the other. */
export async function lockOrder(tx: Tx, order_id: string): Promise<LockedOrder | undefined> {
  const [row] = await tx.query<LockedOrder>(
    `select id, order_number, user_id, locale, status, items, currency, carrier, tracking_number, unsent_pieces, version from orders where id = $1 for no key update`,
    [order_id],
  );
  return row;
}

/** Read after the lock: a statement sees what was committed before it began, not while it waited. */
export function parcelsOf(tx: Tx, order_id: string): Promise<ParcelRecord[]> {
  return tx.query<ParcelRecord>(
    `select id, number, items, carrier, tracking_number, tracking_url, sent_at, delivered_at from parcels where order_id = $1 order by number`,
    [order_id],
  );
}

export async function insertParcel(tx: Tx, order_id: string, parcel: ParcelRecord): Promise<void> {
  await tx.query(
    `insert into parcels (id, order_id, number, items, carrier, tracking_number, tracking_url, sent_at, delivered_at)
     values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9)`,
    [
      parcel.id,
      order_id,
      parcel.number,
      JSON.stringify(parcel.items),
      parcel.carrier,
      parcel.tracking_number,
      parcel.tracking_url,
      parcel.sent_at,
      parcel.delivered_at,
    ],
  );
}

export async function setDelivered(tx: Tx, parcel_id: string, delivered_at: string): Promise<void> {
  await tx.query('update parcels set delivered_at = $2 where id = $1', [parcel_id, delivered_at]);
}

/** A change of an order in which its status stays: a version and a line of its history. */
export interface OrderChange {
  order_id: string;
  unsent_pieces: number | null;
  at: string;
  cause: string;
  cause_id: string;
  actor: string;
  note: string;
  /** What the line is about. */
  note_key: string;
}

/** Writes a change of a locked order. */
export async function changeOrder(tx: Tx, change: OrderChange): Promise<void> {
  const { order_id, unsent_pieces, at, cause, cause_id, actor, note, note_key } = change;
  await tx.query(
    `with changed as (
       update orders set version = version + 1, unsent_pieces = $2, updated_at = $3 where id = $1 returning id, version, status
     )
     insert into order_history (order_id, version, "from", "to", at, cause, cause_id, actor, note, note_key)
     select id, version, status, status, $3, $4, $5, $6, $7, $8 from changed`,
    [order_id, unsent_pieces, at, cause, cause_id, actor, note, note_key],
  );
}
