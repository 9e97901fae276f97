/** The sandbox provider's own books: SQL on its own schema, over connections of its own. */
import type { Queryable } from '@souk/postgres';
import type { ChargeRequest, ProviderStatement, RefundRequest } from '../domain/required-interfaces.ts';

export interface RecordedCharge {
  idempotency_key: string;
  reference: string;
  amount: number;
  currency: string;
  status: 'succeeded' | 'declined' | 'failed';
  decline_code: string | null;
}

export interface ChargeEntry extends Omit<ChargeRequest, 'payment_method'> {
  status: RecordedCharge['status'];
  decline_code: string | null;
}

/** Records charges, each key once; one that failed at first succeeds when it comes again. Keys must differ. */
export function recordCharges(db: Queryable, entries: readonly ChargeEntry[]): Promise<RecordedCharge[]> {
  return db.query<RecordedCharge>(
    `insert into sandbox.charges as c (idempotency_key, reference, amount, currency, status, decline_code)
     select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[])
     on conflict (idempotency_key) do update set calls = c.calls + 1, updated_at = clock_timestamp(),
       status = case c.status when 'failed' then 'succeeded' else c.status end
     returning idempotency_key, reference, amount, currency, status, decline_code`,
    [
      entries.map((entry) => entry.idempotency_key),
      entries.map((entry) => entry.reference),
      entries.map((entry) => entry.amount),
      entries.map((entry) => entry.currency),
      entries.map((entry) => entry.status),
      entries.map((entry) => entry.decline_code),
    ],
  );
}

export function findCharges(db: Queryable, keys: readonly string[]): Promise<RecordedCharge[]> {
  return db.query<RecordedCharge>(
    `select idempotency_key, reference, amount, currency, status, decline_code from sandbox.charges
     where idempotency_key = any($1::uuid[]) and status <> 'failed'`,
    [keys],
  );
}

/** Gives money back, each key once; answers the keys that are given back now. */
export async function recordRefunds(db: Queryable, refunds: readonly (RefundRequest & { charge_key: string })[]): Promise<Set<string>> {
  const rows = await db.query<{ idempotency_key: string }>(
    `with made as (
       insert into sandbox.refunds (idempotency_key, charge_key, amount)
       select w.* from unnest($1::uuid[], $2::uuid[], $3::bigint[]) w (idempotency_key, charge_key, amount)
       join sandbox.charges c on c.idempotency_key = w.charge_key and c.status = 'succeeded'
       on conflict (idempotency_key) do nothing returning idempotency_key, charge_key, amount
     ), given_back as (
       update sandbox.charges c set refunded = c.refunded + m.amount, updated_at = clock_timestamp()
       from (select charge_key, sum(amount)::bigint amount from made group by charge_key) m where c.idempotency_key = m.charge_key
     )
     select idempotency_key from made union all select idempotency_key from sandbox.refunds where idempotency_key = any($1::uuid[])`,
    [refunds.map((refund) => refund.idempotency_key), refunds.map((refund) => refund.charge_key), refunds.map((refund) => refund.amount)],
  );
  return new Set(rows.map((row) => row.idempotency_key));
}

const forgetBatchMax = 1_000;

/** Forgets charges that took no money, the oldest first; true when there may be more. */
export async function forgetRefusals(db: Queryable, before_ms: number): Promise<boolean> {
  const rows = await db.query(
    `delete from sandbox.charges where idempotency_key in (
       select idempotency_key from sandbox.charges where status <> 'succeeded' and updated_at < to_timestamp($1::float8 / 1000)
       order by updated_at limit $2 for update skip locked
     ) returning 1`,
    [before_ms, forgetBatchMax],
  );
  return rows.length === forgetBatchMax;
}

/** What was charged and given back for each reference, in ascending order. */
export function statementOf(db: Queryable, after: string, limit: number): Promise<ProviderStatement[]> {
  return db.query<ProviderStatement>(
    `with page as (
       select reference, sum(amount)::bigint charged, sum(refunded)::bigint refunded, min(currency) currency, count(*)::int charges,
         count(distinct currency)::int currencies, json_agg(idempotency_key) idempotency_keys, array_agg(idempotency_key) charge_keys,
         floor(extract(epoch from max(updated_at)) * 1000)::bigint updated_at_ms
       from sandbox.charges where status = 'succeeded' and reference > $1 group by reference order by reference limit $2
     )
     select p.reference, p.charged, p.refunded, p.currency, p.charges, p.currencies, p.idempotency_keys,
       coalesce(r.refunds, '[]') refunds, p.updated_at_ms
     from page p
     left join lateral (
       select json_agg(json_build_object('idempotency_key', idempotency_key, 'amount', amount)) refunds
       from sandbox.refunds where charge_key = any(p.charge_keys)
     ) r on true
     order by p.reference`,
    [after, limit],
  );
}
