/**
 * What the auditor is shown, a page at a time. Sums are taken over the ledger of the page's products or orders only, each
 * by an index; one statement, so that balance and sums are of the same moment. Where a page begins is compared with
 * `coalesce` and not with `or`, which a plan for any value could only answer by reading the index from its start.
 */
import type { Queryable } from '@souk/postgres';

export interface StockRecord {
  key: string;
  product_id: string;
  on_hand: number;
  reserved: number;
  stock_version: number;
  published_version: number;
  published_at_ms: number | null;
  movements_on_hand: number;
  movements_reserved: number;
  movements_misplaced: number;
  openings: number;
  movements: number;
  updated_at_ms: number;
}

/** Stock beside the sums of its ledger. Only opening stock and adjustments belong to no order. */
export function stockRecords(db: Queryable, after: string | undefined, limit: number): Promise<StockRecord[]> {
  return db.query<StockRecord>(
    `with page as (
       select product_id, on_hand, reserved, stock_version, published_version, published_at, updated_at from stock
       where product_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by product_id limit $2
     )
     select p.product_id as key, p.product_id, p.on_hand, p.reserved, p.stock_version, p.published_version,
       floor(extract(epoch from p.published_at) * 1000)::int8 as published_at_ms, l.*,
       floor(extract(epoch from p.updated_at) * 1000)::int8 as updated_at_ms
     from page p
     cross join lateral (
       select coalesce(sum(on_hand_change), 0)::int8 as movements_on_hand, coalesce(sum(reserved_change), 0)::int8 as movements_reserved,
         count(*) filter (where (order_id is null) <> (kind in ('received', 'adjusted')))::int8 as movements_misplaced,
         count(*) filter (where kind = 'received')::int8 as openings, count(*)::int8 as movements
       from movements m where m.product_id = p.product_id
     ) l
     order by p.product_id`,
    [after ?? null, limit],
  );
}

export interface ReservationAuditRecord {
  key: string;
  order_id: string;
  /** Null: there are movements of the order, and no reservation. */
  status: string | null;
  items: { product_id: string; quantity: number }[];
  movements: { product_id: string; kind: string; on_hand_change: number; reserved_change: number; movements: number }[];
  updated_at_ms: number;
}

/** Reservations beside the movements of their orders, also of orders that have movements only. */
export function reservationRecords(db: Queryable, after: string | undefined, limit: number): Promise<ReservationAuditRecord[]> {
  return db.query<ReservationAuditRecord>(
    `with page as (
       (select order_id from reservations where order_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by order_id limit $2)
       union (
         select order_id from movements where order_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
         group by order_id order by order_id limit $2
       )
       order by order_id limit $2
     )
     select p.order_id as key, p.order_id, r.status, coalesce(r.items, '[]') as items, coalesce(m.movements, '[]') as movements,
       floor(extract(epoch from coalesce(r.updated_at, m.last_at)) * 1000)::int8 as updated_at_ms
     from page p
     left join reservations r on r.order_id = p.order_id
     left join lateral (
       select max(last_at) as last_at, json_agg(json_build_object('product_id', product_id, 'kind', kind, 'on_hand_change', on_hand_change,
         'reserved_change', reserved_change, 'movements', movements) order by product_id, kind) as movements
       from (
         select product_id, kind, sum(on_hand_change)::int8 as on_hand_change, sum(reserved_change)::int8 as reserved_change,
           count(*)::int8 as movements, max(created_at) as last_at
         from movements of_order where of_order.order_id = p.order_id group by product_id, kind
       ) kinds
     ) m on true
     order by p.order_id`,
    [after ?? null, limit],
  );
}
