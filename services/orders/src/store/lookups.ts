/** SQL of the tables lookup_requests and lookup_counts. */
import type { Cause } from '@souk/messaging';
import type { Queryable, Tx } from '@souk/postgres';

export interface LookupRequest {
  id: string;
  order_number: string;
  email_digest: string;
  cause: Cause;
  created_at: string;
}

export async function insertLookup(db: Queryable, { id, order_number, email_digest, cause, created_at }: LookupRequest): Promise<void> {
  await db.query('insert into lookup_requests (id, order_number, email_digest, cause, created_at) values ($1, $2, $3, $4::jsonb, $5)', [
    id,
    order_number,
    email_digest,
    JSON.stringify(cause),
    created_at,
  ]);
}

/** Takes the oldest requests that no other transaction has locked out of the table. */
export function takeLookups(tx: Tx, most: number): Promise<LookupRequest[]> {
  return tx.query<LookupRequest>(
    `with taken as (
       delete from lookup_requests where id in (select id from lookup_requests order by id limit $1 for update skip locked)
       returning id, order_number, email_digest, cause, created_at
     )
     select id, order_number, email_digest, cause, created_at from taken order by id`,
    [most],
  );
}

export interface LookupCount {
  email_digest: string;
  requests: number;
}

/** Counts requests by address and answers the sums of the hour, these included. Rows are locked in one order until the commit. */
export function countLookups(
  tx: Tx,
  counts: readonly LookupCount[],
  { now, ends_at }: { now: string; ends_at: string },
): Promise<LookupCount[]> {
  return tx.query<LookupCount>(
    `insert into lookup_counts as c (email_digest, requests, ends_at)
     select email_digest, requests, $3::timestamptz from json_to_recordset($1::json) w (email_digest text, requests integer) order by email_digest
     on conflict (email_digest) do update set
       requests = case when c.ends_at <= $2::timestamptz then excluded.requests else c.requests + excluded.requests end,
       ends_at = case when c.ends_at <= $2::timestamptz then excluded.ends_at else c.ends_at end
     returning email_digest, requests`,
    [JSON.stringify(counts), now, ends_at],
  );
}

/** Removes at most `most` counts whose hour has ended. */
export async function forgetLookupCounts(db: Queryable, now: string, most: number): Promise<void> {
  await db.query(
    `delete from lookup_counts where email_digest in (
       select email_digest from lookup_counts where ends_at < $1 limit $2 for update skip locked
     )`,
    [now, most],
  );
}

export interface NumberedOrder {
  id: string;
  order_number: string;
  user_id: string;
  locale: string | null;
}

/** The orders with these numbers whose customers were not erased. */
export function ordersByNumber(db: Queryable, numbers: readonly string[]): Promise<NumberedOrder[]> {
  return db.query<NumberedOrder>(
    `select id, order_number, user_id, locale from orders o
     where order_number = any($1::text[]) and not exists (select from erased_users e where e.user_id = o.user_id)`,
    [numbers],
  );
}
