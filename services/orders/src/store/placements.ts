/** Reads and writes for a whole group of orders that are placed together: one statement each. */
import type { Queryable, Tx } from '@souk/postgres';
import type { CatalogueProduct } from '../domain/goods.ts';
import type { OpenOrders } from '../domain/open-limits.ts';
import type { OrderRecord } from '../domain/order.ts';
import type { KnownCode, LimitedPromotion } from '../domain/promotion-uses.ts';
import { lockCustomers } from './customers.ts';

/** What the client's idempotency key belongs to. */
export interface KnownKey {
  user_id: string;
  key: string;
  /** Hexadecimal SHA-256 of the validated body. */
  body_hash: string;
  order_id: string;
}

export interface GroupKnowledge {
  products: CatalogueProduct[];
  keys: KnownKey[];
  erased: string[];
  /** Of the customers whose orders are limited; one who has none is there with zeros. */
  open: (OpenOrders & { user_id: string })[];
  /** By which the group is priced. */
  rules_version: number;
  /** Those of the codes that exist. */
  codes: KnownCode[];
  /** Promotions with limits that may apply, locked until this transaction ends, as their codes with limits are. */
  limited: LimitedPromotion[];
}

/** A key with whose order it is not yet known. */
export type KeyClaim = Omit<KnownKey, 'order_id'>;

export interface NewOrder
  extends Omit<
    OrderRecord,
    | 'order_number'
    | 'status'
    | 'cancel_reason'
    | 'carrier'
    | 'tracking_number'
    | 'unsent_pieces'
    | 'parcels'
    | 'payment_action'
    | 'version'
    | 'updated_at'
  > {
  payment_method: string;
  /** Of all lines together. */
  pieces: number;
  deadline_at: string;
  /** Of the saved cart that is ordered. */
  cart_version: number | null;
  actor: string;
  cause_id: string;
  correlation_id: string;
  correlation: string | null;
  traceparent: string | null;
  claim: KeyClaim | null;
}

export interface GroupQuestion {
  product_ids: readonly string[];
  user_ids: readonly string[];
  /** Those of them whose open orders are counted. */
  limited_user_ids: readonly string[];
  claims: readonly KeyClaim[];
  /** In the form in which they are kept. */
  code_keys: readonly string[];
  route: string;
}

/**
 * Everything that has to be known to decide about a group; the keys may include those of other pairs of its users and
 * keys. Promotions with limits are locked, then codes with limits, each in order of its key, and read as they are under the
 * lock; those without limits are not locked, so that orders by them never wait for each other. The customers are locked before in a statement of their own: a statement sees what was committed before it
 * began, not what was committed while it waited for a lock.
 */
export async function readForGroup(tx: Tx, asked: GroupQuestion): Promise<GroupKnowledge> {
  await lockCustomers(tx, asked.user_ids);
  const [row] = await tx.query<GroupKnowledge>(
    `with named as materialized (
       select code_key, promotion_id, uses_max, withdrawn_at is not null as withdrawn from promotion_codes where code_key = any($7::text[])
     ), limited as materialized (
       select id, uses_max, uses_per_customer, used from promotions
       where id = any(array(
           select promotion_id from named
           union all select id from promotions where automatic and active and (uses_max is not null or uses_per_customer is not null)))
         and active and (uses_max is not null or uses_per_customer is not null)
       order by id for no key update
     ), limited_codes as materialized (
       select code_key, used, withdrawn_at is not null as withdrawn from promotion_codes
       where code_key = any($7::text[]) and uses_max is not null and (select count(*) from limited) >= 0
       order by code_key for no key update
     )
     select
       (select coalesce(json_agg(c), '[]') from catalogue c where c.product_id = any($1::uuid[])) products,
       (select coalesce(json_agg(json_build_object('user_id', k.user_id, 'key', k.key, 'body_hash', encode(k.body_hash, 'hex'), 'order_id', k.resource_id)), '[]')
        from idempotency_keys k where k.user_id = any($2::uuid[]) and k.route = $4 and k.key = any($3::text[])) keys,
       (select coalesce(json_agg(e.user_id), '[]') from erased_users e where e.user_id = any($5::uuid[])) erased,
       (select coalesce(json_agg(json_build_object('user_id', u.user_id, 'orders', o.orders, 'pieces', o.pieces)), '[]')
        from unnest($6::uuid[]) u (user_id) cross join lateral (
          select count(*)::int orders, coalesce(sum(pieces), 0)::int pieces from orders
          where user_id = u.user_id and status in ('pending', 'awaiting_payment', 'confirmed')
        ) o) open,
       (select version from rules) rules_version,
       (select coalesce(json_agg(l), '[]') from limited l) limited,
       (select coalesce(json_agg(json_build_object('code_key', n.code_key, 'promotion_id', n.promotion_id, 'uses_max', n.uses_max, 'used', coalesce(c.used, 0),
           'withdrawn', coalesce(c.withdrawn, n.withdrawn))), '[]')
        from named n left join limited_codes c on c.code_key = n.code_key) codes`,
    [
      asked.product_ids,
      asked.claims.map((claim) => claim.user_id),
      asked.claims.map((claim) => claim.key),
      asked.route,
      asked.user_ids,
      asked.limited_user_ids,
      asked.code_keys,
    ],
  );
  return row ?? { products: [], keys: [], erased: [], open: [], rules_version: 0, codes: [], limited: [] };
}

/**
 * Writes orders, the first line of their histories and their idempotency keys, and commits. Answers the order numbers by
 * id. A key that another process has written in the meantime violates `idempotency_keys_pkey`, and nothing is written.
 */
export async function writeGroup(tx: Tx, route: string, orders: readonly NewOrder[]): Promise<Map<string, string>> {
  const rows = await tx.finish<{ id: string; order_number: string }>(
    `with placed as (
       select * from json_to_recordset($1::json) as p (
         id uuid, user_id uuid, items jsonb, total_amount bigint, currency text, totals jsonb, shipping_address jsonb, billing_address jsonb,
         locale text, payment_method text, pieces integer, deadline_at timestamptz, created_at timestamptz, actor text, cause_id text, correlation_id uuid, correlation text,
         traceparent text, claim json, cart_version bigint)
     ), keys as (
       insert into idempotency_keys (user_id, route, key, body_hash, status, resource_id, created_at)
       select (claim->>'user_id')::uuid, $2, claim->>'key', decode(claim->>'body_hash', 'hex'), 201, id, created_at
       from placed where claim->>'key' is not null
     ), history as (
       insert into order_history (order_id, version, "to", at, cause, cause_id, actor)
       select id, 1, 'pending', created_at, 'place_requested', cause_id, actor from placed
     ), skus as (
       insert into order_skus (sku, order_id) select distinct line ->> 'sku', id from placed, jsonb_array_elements(items) line
     )
     insert into orders (id, user_id, status, items, total_amount, currency, totals, shipping_address, billing_address, locale, payment_method, pieces, version, deadline_at, created_at, updated_at,
                         correlation_id, correlation, traceparent, placed_by, idempotency_key, cart_version)
     select id, user_id, 'pending', items, total_amount, currency, totals, shipping_address, billing_address, locale, payment_method, pieces, 1, deadline_at, created_at, created_at,
            correlation_id, correlation, traceparent, (claim->>'user_id')::uuid, claim->>'key', cart_version
     from placed
     returning id, order_number`,
    [JSON.stringify(orders), route],
  );
  return new Map(rows.map((row) => [row.id, row.order_number]));
}

/** Whether an order was placed under a key. */
export async function isKeyKnown(db: Queryable, route: string, user_id: string, key: string): Promise<boolean> {
  const rows = await db.query('select 1 from idempotency_keys where user_id = $1 and route = $2 and key = $3', [user_id, route, key]);
  return rows.length > 0;
}
