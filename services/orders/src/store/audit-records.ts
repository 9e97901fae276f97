/**
 * What the auditor reads, a page at a time. An order and what belongs to it are read in one statement, so that it is all of
 * the same moment; ids come from all of it, so that an order is missed when only its traces are left. Full joins of groups: PostgreSQL
 * hashes or merges them, whatever number of rows it expects of a page.
 * Lists come as JSON text: PostgreSQL writes it with `||` in a third of the time that its JSON functions take.
 */
import type { Queryable } from '@souk/postgres';
import type { OrderRecord } from '../domain/order.ts';

type OrderColumns = Pick<OrderRecord, 'user_id' | 'status' | 'total_amount' | 'currency' | 'cancel_reason' | 'unsent_pieces' | 'version'>;

/** All null where the order is gone and only traces of it are left. */
type OrderColumnsIfAny = { [Column in keyof OrderColumns]: OrderColumns[Column] | null };

export interface OrderRecordRow extends OrderColumnsIfAny {
  key: string;
  deadline_at_ms: number | null;
  created_at_ms: number | null;
  updated_at_ms: number | null;
  /** JSON text of the lines as the order has them. */
  items: string | null;
  /** JSON text of how the total came about; null where it is the sum of the lines. */
  totals: string | null;
  /** JSON text of lines and keys, without the brackets around them. */
  history: string | null;
  /** JSON text of the parcels; null where there are none. */
  parcels: string | null;
  /** JSON text of the returns; null where there are none. */
  returns: string | null;
  keys: string | null;
  redemptions: string | null;
  /** The cart that was ordered is still there, at the version at which it was ordered. */
  cart_kept: boolean;
  answering_id: string | null;
  answering_since_ms: number | null;
}

const first = '00000000-0000-0000-0000-000000000000';
const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** So many lines of history stand in a page for each order asked for; an order with more of them has a page of its own. */
const linesForEach = 4;

/** The id at which a page of so many orders, lines and keys ends; null when it is the last page. */
export async function orderPageEnd(db: Queryable, after: string | undefined, limit: number): Promise<string | null> {
  const [page] = await db.query<{ end: string | null }>(
    `select least(
       (select id from orders where id > $1::uuid order by id offset $2 - 1 limit 1),
       (select order_id from order_history where order_id > $1::uuid order by order_id offset $2 * ${linesForEach} - 1 limit 1),
       (select resource_id from idempotency_keys where resource_id > $1::uuid order by resource_id offset $2 - 1 limit 1)
     ) as end`,
    [after ?? first, limit],
  );
  return page?.end ?? null;
}

/**
 * Orders, and what is left of orders that are gone, in order of id, after `after` up to `end`; `route` is that of their keys. The key
 * that placed an order is most often the one that answers with it: only where it is not, the one that answers is looked up.
 */
export function orderRecords(db: Queryable, after: string | undefined, end: string | null, route: string): Promise<OrderRecordRow[]> {
  return db.query<OrderRecordRow>(
    `with lines as (
       select order_id, string_agg('{"version":' || version || ',"from":' || coalesce(to_json("from")::text, 'null') || ',"to":' || to_json("to")
         || ',"at_ms":' || (date_part('epoch', at) * 1000)::int8 || ',"actor":' || to_json(actor)
         || ',"note_key":' || coalesce(to_json(note_key)::text, 'null') || '}', ',' order by sequence) as history
       from order_history where order_id > $1::uuid and order_id <= $2::uuid group by order_id
     ), answering as (
       select resource_id, string_agg('{"user_id":"' || user_id || '","created_at_ms":' || created_at_ms
           || ',"own":' || coalesce(own::text, 'null') || '}', ',') as keys,
         max(created_at_ms) filter (where own) as own_since_ms
       from (
         select k.resource_id, k.user_id, (date_part('epoch', k.created_at) * 1000)::int8 as created_at_ms,
           case when o.idempotency_key is not null then k.user_id = o.placed_by and k.key = o.idempotency_key and k.route = $3 end as own
         from idempotency_keys k
         left join orders o on o.id = k.resource_id
         where k.resource_id > $1::uuid and k.resource_id <= $2::uuid
       ) of_orders
       group by resource_id
     ), sent as (
       select order_id, string_agg('{"parcel_id":"' || id || '","number":' || number || ',"items":' || items || '}', ',' order by number) as parcels
       from parcels where order_id > $1::uuid and order_id <= $2::uuid group by order_id
     ), brought_back as (
       select order_id, string_agg('{"return_id":"' || id || '","state":"' || state || '","items":' || items || ',"refund":' || coalesce(refund::text, 'null')
         || ',"announced":' || to_json(announced) || '}', ',' order by id) as returns
       from returns where order_id > $1::uuid and order_id <= $2::uuid group by order_id
     ), redeemed as (
       select order_id, string_agg('{"promotion_id":"' || promotion_id || '","amount":' || amount || ',"state":"' || state || '"}', ',') as redemptions
       from redemptions where order_id > $1::uuid and order_id <= $2::uuid group by order_id
     )
     select coalesce(o.id, h.order_id, k.resource_id, p.order_id, r.order_id, d.order_id) as key, o.user_id, o.status, o.total_amount, o.currency, o.items::text as items,
       o.totals::text as totals,
       o.cancel_reason, o.unsent_pieces, o.version, case when isfinite(o.deadline_at) then (date_part('epoch', o.deadline_at) * 1000)::int8 end as deadline_at_ms,
       (date_part('epoch', o.created_at) * 1000)::int8 as created_at_ms, (date_part('epoch', o.updated_at) * 1000)::int8 as updated_at_ms,
       h.history, k.keys,
       p.parcels, r.returns, d.redemptions,
       coalesce(o.cart_version is not null and exists (select from carts c where c.user_id = o.user_id and c.version = o.cart_version), false) as cart_kept,
       case when k.own_since_ms is null then a.resource_id else k.resource_id end as answering_id,
       case when k.own_since_ms is null then (date_part('epoch', a.created_at) * 1000)::int8 else k.own_since_ms end as answering_since_ms
     from (select * from orders where id > $1::uuid and id <= $2::uuid) o
     full join lines h on h.order_id = o.id
     full join answering k on k.resource_id = coalesce(o.id, h.order_id)
     full join sent p on p.order_id = coalesce(o.id, h.order_id, k.resource_id)
     full join brought_back r on r.order_id = coalesce(o.id, h.order_id, k.resource_id, p.order_id)
     full join redeemed d on d.order_id = coalesce(o.id, h.order_id, k.resource_id, p.order_id, r.order_id)
     left join lateral (
       select resource_id, created_at from idempotency_keys
       where k.own_since_ms is null and user_id = o.placed_by and route = $3 and key = o.idempotency_key limit 1
     ) a on true
     order by key`,
    [after ?? first, end ?? last, route],
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

export interface PromotionRecord {
  key: string;
  promotion_id: string;
  used: number;
  held: number;
  uses_max: number | null;
  codes_differing: number;
  codes_exceeded: number;
}

/** Promotions with what their uses and those of their codes come to, in order of id. */
export function promotionRecords(db: Queryable, after: string | undefined, limit: number): Promise<PromotionRecord[]> {
  return db.query<PromotionRecord>(
    `select p.id as key, p.id as promotion_id, p.used, p.uses_max, coalesce(r.held, 0)::int as held,
       coalesce(c.differing, 0)::int as codes_differing, coalesce(c.exceeded, 0)::int as codes_exceeded
     from (select id, used, uses_max from promotions where id > $1::uuid order by id limit $2) p
     left join lateral (select count(*) as held from redemptions where promotion_id = p.id and state = 'held' and counted) r on true
     left join lateral (
       select count(*) filter (where used <> held) as differing, count(*) filter (where greatest(used, held) > uses_max) as exceeded
       from (
         select used, uses_max, (select count(*) from redemptions where code_key = c.code_key and state = 'held') as held
         from promotion_codes c where promotion_id = p.id and uses_max is not null
       ) of_codes
     ) c on true
     order by p.id`,
    [after ?? first, limit],
  );
}
