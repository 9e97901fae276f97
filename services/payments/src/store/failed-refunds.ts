/** SQL of refunds that failed, and of what is done about them. The payment is locked before. */
import type { Queryable, Tx } from '@souk/postgres';
import type { RefundKind, RefundStatus } from './refunds.ts';

export interface FailedRefund {
  id: string;
  payment_id: string;
  order_id: string;
  amount: number;
  currency: string;
  failure_code: string;
}

/** Ends refunds that the provider could not give back, or that came back, each once: then the money is the shop's again. */
export function failRefunds(tx: Tx, failures: readonly { id: string; code: string }[], now_ms: number): Promise<FailedRefund[]> {
  return tx.query<FailedRefund>(
    `with failed as (
       update refunds r set status = 'failed', failed_from = r.status, failure_code = f.code, due_at = null, updated_at = to_timestamp($3::float8 / 1000)
       from unnest($1::uuid[], $2::text[]) f (id, code) where r.id = f.id and r.status in ('pending', 'done')
       returning r.id, r.payment_id, r.amount, r.currency, r.failed_from, r.failure_code
     ), owed as (
       update payments p set refunded = p.refunded - f.done, refunding = p.refunding - f.pending, updated_at = to_timestamp($3::float8 / 1000)
       from (
         select payment_id, coalesce(sum(amount) filter (where failed_from = 'done'), 0)::bigint done,
           coalesce(sum(amount) filter (where failed_from = 'pending'), 0)::bigint pending
         from failed group by payment_id
       ) f where p.id = f.payment_id
     ), booked as (
       insert into transfers (debit_account, credit_account, amount, currency, payment_id, refund_id, kind, created_at)
       select 'provider', 'sales', amount, currency, payment_id, id, 'failed', to_timestamp($3::float8 / 1000) from failed where failed_from = 'done'
     )
     select f.id, f.payment_id, p.order_id, f.amount, f.currency, f.failure_code from failed f join payments p on p.id = f.payment_id`,
    [failures.map(({ id }) => id), failures.map(({ code }) => code), now_ms],
  );
}

export interface LockedRefund {
  id: string;
  payment_id: string;
  kind: RefundKind;
  amount: number;
  currency: string;
  reason: string;
  status: RefundStatus;
  failed_from: 'pending' | 'done' | null;
  failure_code: string | null;
  retried_as: string | null;
  first_id: string | null;
  created_at: string;
}

export async function lockRefund(tx: Tx, payment_id: string, refund_id: string): Promise<LockedRefund | undefined> {
  const [row] = await tx.query<LockedRefund>(
    `select id, payment_id, kind, amount, currency, reason, status, failed_from, failure_code, retried_as, first_id, created_at
     from refunds where id = $2 and payment_id = $1 for update`,
    [payment_id, refund_id],
  );
  return row;
}

/** It is tried again by another refund. */
export async function markRetried(tx: Tx, refund_id: string, retried_as: string, now_ms: number): Promise<void> {
  await tx.query('update refunds set retried_as = $2, updated_at = to_timestamp($3::float8 / 1000) where id = $1', [
    refund_id,
    retried_as,
    now_ms,
  ]);
}

/** Staff gave the money back from the shop's own account: the provider has no part in it. */
export async function settleByHand(tx: Tx, refund_id: string, now_ms: number): Promise<void> {
  await tx.query(
    `with given as (
       update refunds set status = 'by_hand', updated_at = to_timestamp($2::float8 / 1000)
       where id = $1 and status = 'failed' and retried_as is null returning id, payment_id, amount, currency
     ), back as (
       update payments p set refunded = p.refunded + g.amount, updated_at = to_timestamp($2::float8 / 1000) from given g where p.id = g.payment_id
     )
     insert into transfers (debit_account, credit_account, amount, currency, payment_id, refund_id, kind, created_at)
     select 'sales', 'bank', amount, currency, payment_id, id, 'by_hand', to_timestamp($2::float8 / 1000) from given`,
    [refund_id, now_ms],
  );
}

/** Refunds that failed since then and stand so, in order of id after `after`. */
export function failedSince(db: Queryable, page: { since: string; after: string | undefined; limit: number }): Promise<FailedRefund[]> {
  return db.query<FailedRefund>(
    `select r.id, r.payment_id, p.order_id, r.amount, r.currency, r.failure_code
     from refunds r join payments p on p.id = r.payment_id
     where r.failure_code is not null and r.updated_at >= $1::timestamptz and ($2::uuid is null or r.id > $2) order by r.id limit $3`,
    [page.since, page.after ?? null, page.limit],
  );
}
