/**
 * What the auditor is told, a page at a time. Sums are taken over the ledger of the page's products only, each by the
 * index; one statement, so that balance and sums are of the same moment. Where a page begins is compared with `coalesce`
 * and not with `or`, which a plan for any value could only answer by reading the index from its start.
 */
import type { Queryable } from '@souk/postgres';

export interface StockFact {
  key: string;
  product_id: string;
  on_hand: number;
  reserved: number;
  movements_on_hand: number;
  movements_reserved: number;
  movements: number;
  held_reserved: number;
  updated_at_ms: number;
}

/** Held for orders are the pieces of those orders in the product's ledger whose reservation still stands. */
export function stockFacts(db: Queryable, after: string | undefined, limit: number): Promise<StockFact[]> {
  return db.query<StockFact>(
    `with page as (
       select product_id, on_hand, reserved, updated_at from stock
       where product_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by product_id limit $2
     )
     select p.product_id as key, p.product_id, p.on_hand, p.reserved, l.movements_on_hand, l.movements_reserved, l.movements, h.held_reserved,
       floor(extract(epoch from p.updated_at) * 1000)::int8 as updated_at_ms
     from page p
     cross join lateral (
       select coalesce(sum(on_hand_change), 0)::int8 as movements_on_hand, coalesce(sum(reserved_change), 0)::int8 as movements_reserved,
         count(*)::int8 as movements
       from movements m where m.product_id = p.product_id
     ) l
     cross join lateral (
       select coalesce(sum((i.item ->> 'quantity')::int), 0)::int8 as held_reserved
       from movements m
       join reservations r on r.order_id = m.order_id and r.status = 'held'
       cross join lateral jsonb_array_elements(r.items) i (item)
       where m.product_id = p.product_id and m.kind = 'reserved' and (i.item ->> 'product_id')::uuid = p.product_id
     ) h
     order by p.product_id`,
    [after ?? null, limit],
  );
}

export interface ReservationFact {
  key: string;
  order_id: string;
  status: string;
  items: { product_id: string; quantity: number }[];
  updated_at_ms: number;
}

export function reservationFacts(db: Queryable, after: string | undefined, limit: number): Promise<ReservationFact[]> {
  return db.query<ReservationFact>(
    `select order_id as key, order_id, status, items, floor(extract(epoch from updated_at) * 1000)::int8 as updated_at_ms
     from reservations where order_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by order_id limit $2`,
    [after ?? null, limit],
  );
}
