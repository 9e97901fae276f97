/** SQL of disputes. The payment is locked before a dispute about it is written. */
import type { Queryable, Tx } from '@souk/postgres';
import type { KnownState } from '../domain/dispute.ts';
import type { ProviderDispute } from '../domain/required-interfaces.ts';

export interface DisputeRow {
  id: string;
  reference: string;
  payment_id: string | null;
  state: KnownState;
  amount: number;
  currency: string;
  reason: string;
  evidence_due_at: string | null;
  opened_at: string | null;
  created_at: string;
  updated_at: string;
}

const columns = 'id, reference, payment_id, state, amount, currency, reason, evidence_due_at, opened_at, created_at, updated_at';

/** Notes that there is something to ask about; one that is known is asked about at once. */
export async function reportDispute(
  db: Queryable,
  { id, provider, reference, now_ms }: { id: string; provider: string; reference: string; now_ms: number },
): Promise<void> {
  await db.query(
    `insert into disputes as d (id, provider, reference, state, due_at, created_at, updated_at)
     select $1::uuid, $2, $3, 'reported', at, at, at from (select to_timestamp($4::float8 / 1000) at) now
     on conflict (provider, reference) do update set due_at = excluded.due_at`,
    [id, provider, reference, now_ms],
  );
}

export interface DisputeTask {
  id: string;
  reference: string;
  attempts: number;
}

/** Takes what is due, for the length of a lease. */
export function claimDisputes(
  db: Queryable,
  claim: { provider: string; now_ms: number; lease_ms: number; limit: number },
): Promise<DisputeTask[]> {
  return db.query<DisputeTask>(
    `with due as (
       select id from disputes where provider = $1 and due_at <= to_timestamp($2::float8 / 1000) order by due_at limit $4 for update skip locked
     )
     update disputes d set due_at = to_timestamp(($2::float8 + $3::float8) / 1000), attempts = d.attempts + 1
     from due where d.id = due.id returning d.id, d.reference, d.attempts`,
    [claim.provider, claim.now_ms, claim.lease_ms, claim.limit],
  );
}

/** Says when to ask again; null for one that has ended. What was reported since it was claimed is due, and stays so. */
export async function postponeDispute(
  db: Queryable,
  id: string,
  { now_ms, due_ms }: { now_ms: number; due_ms: number | null },
): Promise<void> {
  await db.query(
    'update disputes set due_at = to_timestamp($3::float8 / 1000) where id = $1 and (due_at is null or due_at > to_timestamp($2::float8 / 1000))',
    [id, now_ms, due_ms],
  );
}

export async function lockDispute(tx: Tx, id: string): Promise<DisputeRow | undefined> {
  const [row] = await tx.query<DisputeRow>(`select ${columns} from disputes where id = $1 for update`, [id]);
  return row;
}

/** The provider knows nothing of it. */
export async function dropDispute(tx: Tx, id: string): Promise<void> {
  await tx.query(`delete from disputes where id = $1 and state = 'reported'`, [id]);
}

export interface ReadDispute {
  id: string;
  payment_id: string | null;
  read: ProviderDispute;
  state: KnownState;
  /** Null when it has ended. */
  due_ms: number | null;
  now_ms: number;
}

export async function saveDispute(tx: Tx, { id, payment_id, read, state, due_ms, now_ms }: ReadDispute): Promise<void> {
  await tx.query(
    `update disputes set payment_id = $2, state = $3, amount = case when state in ('open', 'won', 'lost') then amount else $4::bigint end, currency = $5,
       reason = $6, evidence_due_at = to_timestamp($7::float8 / 1000), opened_at = to_timestamp($8::float8 / 1000),
       due_at = case when due_at <= to_timestamp($10::float8 / 1000) then due_at else to_timestamp($9::float8 / 1000) end, updated_at = to_timestamp($10::float8 / 1000), attempts = 0
     where id = $1`,
    [id, payment_id, state, read.amount, read.currency, read.reason, read.evidence_due_ms, read.opened_at_ms, due_ms, now_ms],
  );
}

export interface DisputeBooking {
  payment_id: string;
  dispute_id: string;
  amount: number;
  currency: string;
  steps: readonly { kind: string; debit_account: string; credit_account: string }[];
  disputed_change: number;
  now_ms: number;
}

/** Books the steps of a dispute, each once, and what is held back of the payment. */
export async function bookDispute(tx: Tx, booking: DisputeBooking): Promise<void> {
  const { payment_id, dispute_id, amount, currency, steps, disputed_change, now_ms } = booking;
  await tx.query(
    `with held as (
       update payments set disputed = disputed + $5::bigint, updated_at = to_timestamp($6::float8 / 1000) where id = $1
     )
     insert into transfers (debit_account, credit_account, amount, currency, payment_id, dispute_id, kind, created_at)
     select debit_account, credit_account, $3::bigint, $4, $1, $2, kind, to_timestamp($6::float8 / 1000)
     from json_to_recordset($7::json) s (kind text, debit_account text, credit_account text)`,
    [payment_id, dispute_id, amount, currency, disputed_change, now_ms, JSON.stringify(steps)],
  );
}

/** Those of these payments, oldest first. */
export function disputesOf(db: Queryable, payment_ids: readonly string[]): Promise<DisputeRow[]> {
  return db.query<DisputeRow>(
    `select ${columns} from disputes where payment_id = any($1::uuid[]) and state <> 'reported' order by opened_at, id`,
    [payment_ids],
  );
}

export interface DisputeChoice {
  state: string | undefined;
  /** Id after which the page begins. */
  after: string | undefined;
  limit: number;
  skip: number;
}

/** All that the provider was asked about, the ones without a payment too. */
export function listDisputes(
  db: Queryable,
  { state, after, limit, skip }: DisputeChoice,
): Promise<(DisputeRow & { order_id: string | null })[]> {
  return db.query(
    `select d.id, d.reference, d.payment_id, d.state, d.amount, d.currency, d.reason, d.evidence_due_at, d.opened_at, d.created_at, d.updated_at, p.order_id
     from disputes d left join payments p on p.id = d.payment_id
     where d.state <> 'reported' and ($1::text is null or d.state = $1) and ($2::uuid is null or d.id > $2) order by d.id limit $3 offset $4`,
    [state ?? null, after ?? null, limit, skip],
  );
}

/** Those about payments that changed since then, in order of id after `after`. */
export function disputesSince(
  db: Queryable,
  page: { since: string; after: string | undefined; limit: number },
): Promise<
  Pick<DisputeRow & { payment_id: string; order_id: string }, 'id' | 'payment_id' | 'order_id' | 'state' | 'amount' | 'currency'>[]
> {
  return db.query(
    `select d.id, d.payment_id, p.order_id, d.state, d.amount, d.currency from disputes d join payments p on p.id = d.payment_id
     where d.updated_at >= $1::timestamptz and ($2::uuid is null or d.id > $2) order by d.id limit $3`,
    [page.since, page.after ?? null, page.limit],
  );
}

/** Whether any was reported and not asked about. */
export async function anyReportedDispute(db: Queryable): Promise<boolean> {
  return (await db.query(`select 1 from disputes where due_at is not null and state = 'reported' limit 1`)).length > 0;
}

/** Takes the turn to ask the provider what it has reported, at most every so often by all processes; answers up to when it is known. */
export async function takeReportTurn(
  db: Queryable,
  { provider, now_ms, every_ms, first_ms }: { provider: string; now_ms: number; every_ms: number; first_ms: number },
): Promise<number | undefined> {
  const [row] = await db.query<{ read_until_ms: number }>(
    `insert into provider_reports as r (provider, read_until, asked_at)
     values ($1, to_timestamp($4::float8 / 1000), to_timestamp($2::float8 / 1000))
     on conflict (provider) do update set asked_at = excluded.asked_at
       where r.asked_at <= to_timestamp(($2::float8 - $3::float8) / 1000)
     returning (date_part('epoch', read_until) * 1000)::bigint read_until_ms`,
    [provider, now_ms, every_ms, first_ms],
  );
  return row?.read_until_ms;
}

export async function keepReportsRead(db: Queryable, provider: string, until_ms: number): Promise<void> {
  await db.query('update provider_reports set read_until = greatest(read_until, to_timestamp($2::float8 / 1000)) where provider = $1', [
    provider,
    until_ms,
  ]);
}
