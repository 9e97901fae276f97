/** The sandbox provider's own books: SQL on its own schema, over connections of its own. */
import type { Queryable } from '@souk/postgres';
import type { ChargeRequest, ProviderAccount, ProviderStatement, RefundRequest } from '../domain/required-interfaces.ts';

export interface RecordedCharge {
  idempotency_key: string;
  reference: string;
  amount: number;
  currency: string;
  status: 'succeeded' | 'declined' | 'failed' | 'action_required';
  decline_code: string | null;
  /** When the page of one that asks its customer closes. */
  action_until_ms: number | null;
}

export interface ChargeEntry extends Omit<ChargeRequest, 'payment_method'> {
  status: RecordedCharge['status'];
  decline_code: string | null;
  action_until_ms: number | null;
}

const recorded = `idempotency_key, reference, amount, currency, status, decline_code, (date_part('epoch', action_until) * 1000)::bigint action_until_ms`;

/** Records charges, each key once; one that failed at first succeeds when it comes again. Keys must differ. */
export function recordCharges(db: Queryable, entries: readonly ChargeEntry[]): Promise<RecordedCharge[]> {
  return db.query<RecordedCharge>(
    `insert into sandbox.charges as c (idempotency_key, reference, amount, currency, status, decline_code, action_until)
     select key, of_order, amount, currency, status, decline_code, to_timestamp(until_ms / 1000)
     from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::float8[])
       w (key, of_order, amount, currency, status, decline_code, until_ms)
     on conflict (idempotency_key) do update set calls = c.calls + 1, updated_at = clock_timestamp(),
       status = case c.status when 'failed' then 'succeeded' else c.status end
     returning ${recorded}`,
    [
      entries.map((entry) => entry.idempotency_key),
      entries.map((entry) => entry.reference),
      entries.map((entry) => entry.amount),
      entries.map((entry) => entry.currency),
      entries.map((entry) => entry.status),
      entries.map((entry) => entry.decline_code),
      entries.map((entry) => entry.action_until_ms),
    ],
  );
}

export function findCharges(db: Queryable, keys: readonly string[]): Promise<RecordedCharge[]> {
  return db.query<RecordedCharge>(
    `select ${recorded} from sandbox.charges
     where idempotency_key = any($1::uuid[]) and status <> 'failed'`,
    [keys],
  );
}

/** Ends a charge that asks its customer, while its page is open; without `at_ms` also after that. */
export async function endAction(
  db: Queryable,
  { key, paid, decline_code, at_ms }: { key: string; paid: boolean; decline_code: string; at_ms: number | null },
): Promise<void> {
  await db.query(
    `update sandbox.charges set status = case when $2 then 'succeeded' else 'declined' end, decline_code = case when $2 then null else $3 end,
       updated_at = clock_timestamp()
     where idempotency_key = $1 and status = 'action_required' and ($4::float8 is null or action_until > to_timestamp($4::float8 / 1000))`,
    [key, paid, decline_code, at_ms],
  );
}

/** Gives money back, each key once; answers the keys that are known now, and whether what they gave came back. */
export async function recordRefunds(
  db: Queryable,
  refunds: readonly (RefundRequest & { charge_key: string })[],
): Promise<Map<string, boolean>> {
  const rows = await db.query<{ idempotency_key: string; failed: boolean }>(
    `with made as (
       insert into sandbox.refunds (idempotency_key, charge_key, amount, fails_at)
       select w.*, case when c.refunds_fail and not exists (select 1 from sandbox.refunds where charge_key = c.idempotency_key)
         then clock_timestamp() + interval '1 second' end
       from unnest($1::uuid[], $2::uuid[], $3::bigint[]) w (idempotency_key, charge_key, amount)
       join sandbox.charges c on c.idempotency_key = w.charge_key and c.status = 'succeeded'
       on conflict (idempotency_key) do nothing returning idempotency_key, charge_key, amount
     ), given_back as (
       update sandbox.charges c set refunded = c.refunded + m.amount, updated_at = clock_timestamp()
       from (select charge_key, sum(amount)::bigint amount from made group by charge_key) m where c.idempotency_key = m.charge_key
     )
     select idempotency_key, false failed from made union all select idempotency_key, failed from sandbox.refunds where idempotency_key = any($1::uuid[])`,
    [refunds.map((refund) => refund.idempotency_key), refunds.map((refund) => refund.charge_key), refunds.map((refund) => refund.amount)],
  );
  return new Map(rows.map((row) => [row.idempotency_key, row.failed]));
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

interface StatementRow extends Omit<ProviderStatement, 'idempotency_keys' | 'disputes'> {
  /** JSON text of the keys, without the brackets around them. */
  idempotency_keys: string;
  disputes: Required<ProviderStatement>['disputes'] | null;
}

/** What was charged and given back for each reference, in ascending order. */
export async function statementOf(db: Queryable, after: string, limit: number): Promise<ProviderStatement[]> {
  const rows = await db.query<StatementRow>(
    `with page as materialized (
       select reference, sum(amount)::bigint charged, sum(refunded)::bigint refunded, min(currency) currency, count(*)::int charges,
         case when min(currency) = max(currency) then 1 else 2 end currencies, string_agg('"' || idempotency_key || '"', ',') idempotency_keys,
         (date_part('epoch', max(updated_at)) * 1000)::bigint updated_at_ms
       from sandbox.charges where status = 'succeeded' and reference > $1 group by reference order by reference limit $2
     ), given_back as (
       select c.reference, json_agg(json_build_object('idempotency_key', r.idempotency_key, 'amount', r.amount)) refunds
       from sandbox.refunds r join sandbox.charges c on c.idempotency_key = r.charge_key and c.status = 'succeeded'
       where c.reference > $1 and c.reference <= (select reference from page order by reference desc limit 1) and not r.failed
       group by c.reference
     ), disputed as (
       select c.reference, json_agg(json_build_object('reference', d.reference, 'state', d.state, 'amount', d.amount)) disputes
       from sandbox.disputes d join sandbox.charges c on c.idempotency_key = d.charge_key
       where c.reference > $1 and c.reference <= (select reference from page order by reference desc limit 1) group by c.reference
     )
     select p.reference, p.charged, p.refunded, p.currency, p.charges, p.currencies, p.idempotency_keys, coalesce(g.refunds, '[]') refunds,
       d.disputes, p.updated_at_ms
     from page p left join given_back g on g.reference = p.reference left join disputed d on d.reference = p.reference
     order by p.reference`,
    [after, limit],
  );
  return rows.map(({ disputes, ...row }) => ({
    ...row,
    ...(disputes !== null && { disputes }),
    idempotency_keys: JSON.parse(`[${row.idempotency_keys}]`) as string[],
  }));
}

interface AccountCharge extends Omit<RecordedCharge, 'action_until_ms'> {
  calls: number;
  at: string;
}

interface AccountRefund {
  idempotency_key: string;
  amount: number;
  at: string;
}

/** All charges and refunds for one reference, in order of time. */
export async function accountOf(db: Queryable, reference: string): Promise<ProviderAccount> {
  const charges = await db.query<AccountCharge>(
    `select idempotency_key, reference, amount, currency, status, decline_code, calls, created_at at
     from sandbox.charges where reference = $1 order by created_at, idempotency_key`,
    [reference],
  );
  const refunds = await db.query<AccountRefund>(
    'select idempotency_key, amount, created_at at from sandbox.refunds where charge_key = any($1::uuid[]) and not failed order by created_at, idempotency_key',
    [charges.map(({ idempotency_key }) => idempotency_key)],
  );
  return { charges: charges.map(({ reference: _, ...charge }) => charge), refunds };
}
