/** SQL of refunds. The payment is locked before a refund is written. */
import type { Cause } from '@souk/messaging';
import type { Queryable, Tx } from '@souk/postgres';

/** `retry`: of one that failed; `dispute`: what a cancelled order has left when a dispute about it has ended. */
export type RefundKind = 'cancellation' | 'staff' | 'return' | 'retry' | 'dispute';
/** `failed`: it never went, or came back; `by_hand`: then staff gave the money back by other means. */
export type RefundStatus = 'pending' | 'done' | 'failed' | 'by_hand';

export interface NewRefund {
  id: string;
  payment_id: string;
  kind: RefundKind;
  amount: number;
  currency: string;
  reason: string;
  cause: Cause;
  /** The first of those that were tried, for one that is tried again. */
  first_id?: string;
}

/** A refund claimed for a while, with what the provider and the event about it need. */
export interface RefundTask {
  id: string;
  payment_id: string;
  order_id: string;
  amount: number;
  currency: string;
  reason: string;
  cause: Cause;
  provider_reference: string;
  attempts: number;
  /** One that is done is only asked about: it may have come back. */
  status: 'pending' | 'done';
  first_id: string | null;
}

export interface RefundRow {
  id: string;
  payment_id: string;
  amount: number;
  currency: string;
  reason: string;
  status: RefundStatus;
  failure_code: string | null;
  /** The refund by which it is tried again. */
  retried_as: string | null;
  created_at: string;
  updated_at: string;
}

export async function insertRefunds(tx: Tx, refunds: readonly NewRefund[], times: { now_ms: number; due_ms: number }): Promise<void> {
  if (refunds.length === 0) return;
  await tx.query(
    `insert into refunds (id, payment_id, kind, amount, currency, reason, cause, first_id, status, due_at, created_at, updated_at)
     select r.*, 'pending', to_timestamp($10::float8 / 1000), to_timestamp($9::float8 / 1000), to_timestamp($9::float8 / 1000)
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::json[], $8::uuid[]) r`,
    [
      refunds.map((refund) => refund.id),
      refunds.map((refund) => refund.payment_id),
      refunds.map((refund) => refund.kind),
      refunds.map((refund) => refund.amount),
      refunds.map((refund) => refund.currency),
      refunds.map((refund) => refund.reason),
      refunds.map((refund) => JSON.stringify(refund.cause)),
      refunds.map((refund) => refund.first_id ?? null),
      times.now_ms,
      times.due_ms,
    ],
  );
}

/** Those of the refunds that are there. */
export async function knownRefunds(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>('select id from refunds where id = any($1::uuid[])', [ids]);
  return new Set(rows.map(({ id }) => id));
}

/** Takes what is due, for the length of a lease. */
export function claimRefunds(db: Queryable, claim: { now_ms: number; lease_ms: number; limit: number }): Promise<RefundTask[]> {
  return db.query<RefundTask>(
    `with due as (
       select id from refunds where due_at <= to_timestamp($1::float8 / 1000) order by due_at limit $3 for update skip locked
     )
     update refunds r set due_at = to_timestamp(($1::float8 + $2::float8) / 1000), attempts = r.attempts + 1
     from due, payments p where r.id = due.id and p.id = r.payment_id
     returning r.id, r.payment_id, p.order_id, r.amount, r.currency, r.reason, r.cause, p.provider_reference, r.attempts, r.status, r.first_id`,
    [claim.now_ms, claim.lease_ms, claim.limit],
  );
}

/** Says when to try again. */
export async function postponeRefunds(db: Queryable, refunds: readonly { id: string; due_ms: number }[]): Promise<void> {
  if (refunds.length === 0) return;
  await db.query(
    `update refunds r set due_at = to_timestamp(w.due_ms / 1000)
     from unnest($1::uuid[], $2::float8[]) w (id, due_ms) where r.id = w.id and r.due_at is not null`,
    [refunds.map((refund) => refund.id), refunds.map((refund) => refund.due_ms)],
  );
}

/** Ends refunds that the provider has confirmed and books them, each once. Answers those that were still pending. */
export function settleRefunds(tx: Tx, ids: readonly string[], now_ms: number): Promise<{ id: string }[]> {
  return tx.query(
    `with done as (
       update refunds set status = 'done', due_at = null, updated_at = to_timestamp($2::float8 / 1000)
       where id = any($1::uuid[]) and status = 'pending' returning id, payment_id, amount, currency
     ), given_back as (
       update payments p set refunded = p.refunded + d.amount, refunding = p.refunding - d.amount, updated_at = to_timestamp($2::float8 / 1000)
       from (select payment_id, sum(amount)::bigint amount from done group by payment_id) d where p.id = d.payment_id
     ), booked as (
       insert into transfers (debit_account, credit_account, amount, currency, payment_id, refund_id, created_at)
       select 'sales', 'provider', amount, currency, payment_id, id, to_timestamp($2::float8 / 1000) from done
     )
     select id from done`,
    [ids, now_ms],
  );
}

/** Makes a refund due at once that is on its way or done; answers whether there is one. */
export async function hurryRefund(db: Queryable, id: string, now_ms: number): Promise<boolean> {
  const rows = await db.query(
    `update refunds set due_at = to_timestamp($2::float8 / 1000) where id = $1 and status in ('pending', 'done') returning 1`,
    [id, now_ms],
  );
  return rows.length > 0;
}

/** What was asked about is done still. */
export async function leaveDone(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(`update refunds set due_at = null where id = any($1::uuid[]) and status = 'done' and due_at is not null`, [ids]);
}

/** Refunds done since then, in order of id after `after`. */
export function doneSince(db: Queryable, page: { since: string; after: string | undefined; limit: number }): Promise<RefundTask[]> {
  return db.query<RefundTask>(
    `select r.id, r.payment_id, p.order_id, r.amount, r.currency, r.reason, r.cause, p.provider_reference, r.attempts, 'done' status, r.first_id
     from refunds r join payments p on p.id = r.payment_id
     where r.status in ('done', 'by_hand') and r.updated_at >= $1::timestamptz and ($2::uuid is null or r.id > $2) order by r.id limit $3`,
    [page.since, page.after ?? null, page.limit],
  );
}

/** Refunds of these payments, oldest first. */
export function refundsOf(db: Queryable, payment_ids: readonly string[]): Promise<RefundRow[]> {
  return db.query<RefundRow>(
    `select id, payment_id, amount, currency, reason, status, failure_code, retried_as, created_at, updated_at
     from refunds where payment_id = any($1::uuid[]) order by created_at, id`,
    [payment_ids],
  );
}

/** Whether any refund is not done. */
export async function anyPendingRefund(db: Queryable): Promise<boolean> {
  return (await db.query('select 1 from refunds where due_at is not null limit 1')).length > 0;
}
