/** Reads and writes for a whole group of orders that are placed together: one statement each. */
import type { Queryable, Tx } from '@souk/postgres';
import type { OpenOrders } from '../domain/open-limits.ts';
import type { CatalogueProduct, OrderRecord } from '../domain/order.ts';
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
}

/** A key with whose order it is not yet known. */
export type KeyClaim = Omit<KnownKey, 'order_id'>;

export interface NewOrder
  extends Omit<OrderRecord, 'order_number' | 'status' | 'cancel_reason' | 'carrier' | 'tracking_number' | 'version' | 'updated_at'> {
  payment_method: string;
  /** Of all lines together. */
  pieces: number;
  deadline_at: string;
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
  route: string;
}

/**
 * Everything that has to be known to decide about a group; the keys may include those of other pairs of its users and
 * keys. The customers are locked before in a statement of their own: a statement sees what was committed before it
 * began, not what was committed while it waited for a lock.
 */
export async function readForGroup(tx: Tx, asked: GroupQuestion): Promise<GroupKnowledge> {
  await lockCustomers(tx, asked.user_ids);
  const [row] = await tx.query<GroupKnowledge>(
    `select
       (select coalesce(json_agg(c), '[]') from catalogue c where c.product_id = any($1::uuid[])) products,
       (select coalesce(json_agg(json_build_object('user_id', k.user_id, 'key', k.key, 'body_hash', encode(k.body_hash, 'hex'), 'order_id', k.resource_id)), '[]')
        from idempotency_keys k where k.user_id = any($2::uuid[]) and k.route = $4 and k.key = any($3::text[])) keys,
       (select coalesce(json_agg(e.user_id), '[]') from erased_users e where e.user_id = any($5::uuid[])) erased,
       (select coalesce(json_agg(json_build_object('user_id', u.user_id, 'orders', o.orders, 'pieces', o.pieces)), '[]')
        from unnest($6::uuid[]) u (user_id) cross join lateral (
          select count(*)::int orders, coalesce(sum(pieces), 0)::int pieces from orders
          where user_id = u.user_id and status in ('pending', 'awaiting_payment', 'confirmed')
        ) o) open`,
    [
      asked.product_ids,
      asked.claims.map((claim) => claim.user_id),
      asked.claims.map((claim) => claim.key),
      asked.route,
      asked.user_ids,
      asked.limited_user_ids,
    ],
  );
  return row ?? { products: [], keys: [], erased: [], open: [] };
}

/**
 * Writes orders, the first line of their histories and their idempotency keys, and commits. Answers the order numbers by
 * id. A key that another process has written in the meantime violates `idempotency_keys_pkey`, and nothing is written.
 */
export async function writeGroup(tx: Tx, route: string, orders: readonly NewOrder[]): Promise<Map<string, string>> {
  const rows = await tx.finish<{ id: string; order_number: string }>(
    `with placed as (
       select * from json_to_recordset($1::json) as p (
         id uuid, user_id uuid, items jsonb, total_amount bigint, currency text, shipping_address jsonb, payment_method text,
         pieces integer, deadline_at timestamptz, created_at timestamptz, actor text, cause_id text, correlation_id uuid, correlation text,
         traceparent text, claim json)
     ), keys as (
       insert into idempotency_keys (user_id, route, key, body_hash, status, resource_id, created_at)
       select (claim->>'user_id')::uuid, $2, claim->>'key', decode(claim->>'body_hash', 'hex'), 201, id, created_at
       from placed where claim->>'key' is not null
     ), history as (
       insert into order_history (order_id, version, "to", at, cause, cause_id, actor)
       select id, 1, 'pending', created_at, 'place_requested', cause_id, actor from placed
     )
     insert into orders (id, user_id, status, items, total_amount, currency, shipping_address, payment_method, pieces, version, deadline_at, created_at, updated_at,
                         correlation_id, correlation, traceparent, placed_by, idempotency_key)
     select id, user_id, 'pending', items, total_amount, currency, shipping_address, payment_method, pieces, 1, deadline_at, created_at, created_at,
            correlation_id, correlation, traceparent, (claim->>'user_id')::uuid, claim->>'key'
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
