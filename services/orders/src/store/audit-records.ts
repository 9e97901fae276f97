/**
 * What the auditor reads, a page at a time. An order, its history and its idempotency keys are read in one statement, so
 * that they are of the same moment; ids come from all three, so that an order is missed when only its traces are left.
 */
import type { Queryable } from '@souk/postgres';
import type { OrderRecord } from '../domain/order.ts';

type OrderColumns = Pick<OrderRecord, 'user_id' | 'status' | 'total_amount' | 'currency' | 'items' | 'cancel_reason' | 'version'>;

/** All null where the order is gone and only traces of it are left. */
type OrderColumnsIfAny = { [Column in keyof OrderColumns]: OrderColumns[Column] | null };

export interface OrderRecordRow extends Pick<OrderRecordDetails, 'history' | 'keys' | 'key_answers'>, OrderColumnsIfAny {
  id: string;
  deadline_at_ms: number | null;
  created_at_ms: number | null;
  updated_at_ms: number | null;
}

interface OrderRecordDetails {
  history: { version: number; from: string | null; to: string; at_ms: number; actor: string; note_key: string | null }[];
  keys: { user_id: string; created_at_ms: number; own: boolean | null }[];
  key_answers: { order_id: string; created_at_ms: number } | null;
}

const first = '00000000-0000-0000-0000-000000000000';
/** A history is longer only by thousands of refunds. */
const linesMax = 5_000;
const keysMax = 100;

/** Orders, and what is left of orders that are gone, in order of id after `after`; `route` is that of their keys. */
export function orderRecords(db: Queryable, after: string | undefined, limit: number, route: string): Promise<OrderRecordRow[]> {
  return db.query<OrderRecordRow>(
    `with page as (
       (select id from orders where id > $1::uuid order by id limit $2)
       union (select order_id from order_history where order_id > $1::uuid group by order_id order by order_id limit $2)
       union (select resource_id from idempotency_keys where resource_id > $1::uuid group by resource_id order by resource_id limit $2)
       order by id limit $2
     )
     select p.id, o.user_id, o.status, o.total_amount, o.currency, o.items, o.cancel_reason, o.version,
       case when isfinite(o.deadline_at) then floor(extract(epoch from o.deadline_at) * 1000)::int8 end deadline_at_ms,
       floor(extract(epoch from o.created_at) * 1000)::int8 created_at_ms, floor(extract(epoch from o.updated_at) * 1000)::int8 updated_at_ms,
       coalesce(h.history, '[]') history, coalesce(k.keys, '[]') keys,
       case when a.resource_id is not null
         then json_build_object('order_id', a.resource_id, 'created_at_ms', floor(extract(epoch from a.created_at) * 1000)::int8) end key_answers
     from page p
     left join orders o on o.id = p.id
     left join lateral (
       select json_agg(json_build_object('version', version, 'from', "from", 'to', "to", 'at_ms', floor(extract(epoch from at) * 1000)::int8,
         'actor', actor, 'note_key', note_key) order by version) history
       from (select * from order_history where order_id = p.id order by version limit ${linesMax}) lines
     ) h on true
     left join lateral (
       select json_agg(json_build_object('user_id', user_id, 'created_at_ms', floor(extract(epoch from created_at) * 1000)::int8,
         'own', case when o.idempotency_key is not null then user_id = o.placed_by and key = o.idempotency_key and route = $3 end)) keys
       from (select * from idempotency_keys where resource_id = p.id limit ${keysMax}) of_order
     ) k on true
     left join idempotency_keys a on a.user_id = o.placed_by and a.route = $3 and a.key = o.idempotency_key
     order by p.id`,
    [after ?? first, limit, route],
  );
}

export interface CatalogueRecord {
  key: string;
  product_id: string;
  product_version: number;
  sku: string | null;
  name: string | null;
  price: number | null;
  currency: string | null;
  status: string;
}

/** The copy of the catalogue, in order of product. */
export function catalogueRecords(db: Queryable, after: string | undefined, limit: number): Promise<CatalogueRecord[]> {
  return db.query<CatalogueRecord>(
    `select product_id as key, product_id, product_version, sku, name, price, currency, status from catalogue
     where product_id > $1::uuid order by product_id limit $2`,
    [after ?? first, limit],
  );
}
