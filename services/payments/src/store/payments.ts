/** SQL of payments. Rows are locked in order of id; times are epoch milliseconds of the service's clock. */
import type { Cause } from '@souk/messaging';
import type { Queryable, Tx } from '@souk/postgres';
import type { PaymentStatus } from '../domain/payment.ts';

/** What is to be charged: everything a charge and the event about its end need. */
export interface Intent {
  id: string;
  order_id: string;
  user_id: string;
  amount: number;
  currency: string;
  payment_method: string;
  cause: Cause;
}

/** An intent claimed for a while. `asked` says that the provider may know it already: it is asked before it is charged. */
export interface ChargeTask extends Intent {
  asked: boolean;
  /** The page on which its customer was to finish it is not waited for any more. */
  abandons: boolean;
  /** What the provider prepared; null for one that prepares nothing, or nothing yet. */
  provider_reference: string | null;
  attempts: number;
}

export interface PaymentRow {
  id: string;
  order_id: string;
  user_id: string;
  amount: number;
  currency: string;
  status: PaymentStatus;
  decline_code: string | null;
  captured: number;
  refunded: number;
  refunding: number;
  disputed: number;
  in_dispute: boolean;
  provider: string;
  provider_reference: string | null;
  cancel_reason: string | null;
  action_url: string | null;
  action_until: string | null;
  cause: Cause;
  created_at: string;
  updated_at: string;
}

const columns = `p.id, p.order_id, p.user_id, p.amount, p.currency, p.status, p.decline_code, p.captured, p.refunded, p.refunding,
  p.disputed, p.disputed > 0 and exists (select 1 from disputes d where d.payment_id = p.id and d.state = 'open') in_dispute, p.provider, p.provider_reference, p.cancel_reason, p.action_url, p.action_until, p.cause, p.created_at, p.updated_at`;

/**
 * Makes this transaction the only one that decides about these orders. A request and a cancellation of the same order
 * may run concurrently before either has left a row that could be locked; each must see what the other did.
 */
export async function lockOrders(tx: Tx, order_ids: readonly string[]): Promise<void> {
  await tx.query(
    `select count(*) from (
       select pg_advisory_xact_lock(key) from (
         select distinct uuid_hash_extended(order_id, 0) key from unnest($1::uuid[]) order_id order by key
       ) keys
     ) locked`,
    [order_ids],
  );
}

export interface NewPayments {
  intents: readonly Intent[];
  /** Name of the provider that will charge. */
  provider: string;
  /** `charging` when this process goes on with them at once. */
  status: 'requested' | 'charging';
  now_ms: number;
  due_ms: number;
}

/** Inserts payments of orders that have none; those of cancelled orders are declined from the start. Answers what was inserted. */
export function insertPayments(
  tx: Tx,
  { intents, provider, status, now_ms, due_ms }: NewPayments,
): Promise<{ id: string; void: boolean }[]> {
  return tx.query(
    `insert into payments (id, order_id, user_id, amount, currency, payment_method, cause, provider, status, decline_code, cancel_reason, due_at,
                           created_at, updated_at)
     select w.id, w.order_id, w.user_id, w.amount, w.currency, case when c.order_id is null then w.payment_method end, w.cause, $8,
            case when c.order_id is null then $9 else 'declined' end,
            case when c.order_id is not null then 'order_cancelled' end, c.reason,
            case when c.order_id is null then to_timestamp($11::float8 / 1000) end,
            to_timestamp($10::float8 / 1000), to_timestamp($10::float8 / 1000)
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::json[])
       w (id, order_id, user_id, amount, currency, payment_method, cause)
     left join cancelled_orders c using (order_id)
     on conflict do nothing
     returning id, decline_code is not null as void`,
    [
      intents.map((intent) => intent.id),
      intents.map((intent) => intent.order_id),
      intents.map((intent) => intent.user_id),
      intents.map((intent) => intent.amount),
      intents.map((intent) => intent.currency),
      intents.map((intent) => intent.payment_method),
      intents.map((intent) => JSON.stringify(intent.cause)),
      provider,
      status,
      now_ms,
      due_ms,
    ],
  );
}

export function amountsOf(db: Queryable, ids: readonly string[]): Promise<{ id: string; amount: number; currency: string }[]> {
  return db.query('select id, amount, currency from payments where id = any($1::uuid[])', [ids]);
}

/** The payments among these, locked. */
export function lockPayments(tx: Tx, ids: readonly string[]): Promise<PaymentRow[]> {
  return tx.query<PaymentRow>(`select ${columns} from payments p where p.id = any($1::uuid[]) order by p.id for update`, [ids]);
}

/** What a cancellation changes: a void payment ends, one under way is marked, a captured one promises its rest back. */
export interface CancelledPayment {
  id: string;
  reason: string;
  void: boolean;
  refund_amount: number;
}

export async function writeCancellations(tx: Tx, cancelled: readonly CancelledPayment[], now_ms: number): Promise<void> {
  if (cancelled.length === 0) return;
  await tx.query(
    `update payments p set cancel_reason = c.reason, refunding = p.refunding + c.refund_amount,
       status = case when c.void then 'declined' else p.status end,
       decline_code = case when c.void then 'order_cancelled' else p.decline_code end,
       payment_method = case when c.void then null else p.payment_method end,
       due_at = case when c.void then null when p.status = 'action_required' then to_timestamp($5::float8 / 1000) else p.due_at end,
       updated_at = to_timestamp($5::float8 / 1000)
     from unnest($1::uuid[], $2::text[], $3::boolean[], $4::bigint[]) c (id, reason, void, refund_amount)
     where p.id = c.id`,
    [
      cancelled.map((row) => row.id),
      cancelled.map((row) => row.reason),
      cancelled.map((row) => row.void),
      cancelled.map((row) => row.refund_amount),
      now_ms,
    ],
  );
}

export async function promiseRefund(tx: Tx, id: string, amount: number, now_ms: number): Promise<void> {
  await tx.query('update payments set refunding = refunding + $2::bigint, updated_at = to_timestamp($3::float8 / 1000) where id = $1', [
    id,
    amount,
    now_ms,
  ]);
}

/** Takes what is due, for the length of a lease. Whatever was begun before is unknown until the provider has been asked. */
export function claimCharges(db: Queryable, claim: { now_ms: number; lease_ms: number; limit: number }): Promise<ChargeTask[]> {
  return db.query<ChargeTask>(
    `with due as (
       select id, status from payments where due_at <= to_timestamp($1::float8 / 1000) order by due_at limit $3 for update skip locked
     )
     update payments p set status = case due.status when 'requested' then 'charging' else 'unknown' end,
       due_at = to_timestamp(($1::float8 + $2::float8) / 1000), attempts = p.attempts + 1, updated_at = to_timestamp($1::float8 / 1000)
     from due where p.id = due.id
     returning p.id, p.order_id, p.user_id, p.amount, p.currency, p.payment_method, p.provider_reference, p.cause, p.attempts, due.status <> 'requested' asked,
       p.action_until is not null and (p.cancel_reason is not null or p.action_until <= to_timestamp($1::float8 / 1000)) abandons`,
    [claim.now_ms, claim.lease_ms, claim.limit],
  );
}

/** Releases what was claimed and has not ended, so that another process need not wait for the end of the lease. */
export async function releaseCharges(db: Queryable, ids: readonly string[], now_ms: number): Promise<void> {
  await db.query(`update payments set due_at = to_timestamp($2::float8 / 1000) where id = any($1::uuid[]) and due_at is not null`, [
    ids,
    now_ms,
  ]);
}

/** Makes a payment whose end is not known due at once; answers whether there is one. */
export async function hurryCharge(db: Queryable, id: string, now_ms: number): Promise<boolean> {
  const rows = await db.query(
    `update payments set due_at = to_timestamp($2::float8 / 1000) where id = $1 and status in ('charging', 'unknown', 'action_required') returning 1`,
    [id, now_ms],
  );
  return rows.length > 0;
}

export interface ChargeResult {
  id: string;
  status: 'captured' | 'declined' | 'unknown' | 'action_required';
  decline_code: string | null;
  provider_reference: string | null;
  /** When to ask again; only for `unknown` and `action_required`. */
  due_ms: number | null;
  /** The customer's page; only of `action_required`. */
  action?: { url: string; until_ms: number };
}

/**
 * Writes what became of charges and books what was captured, only for payments that are still open: a result that
 * comes twice, or after another process has found it out, changes nothing. With its end the payment's method is forgotten. A cancelled one promises the money back in
 * the same statement, and one that waits for its customer is abandoned at once. Answers the payments that changed; `asks`: its customer has to do
 * something from now on.
 */
export function settleCharges(
  tx: Tx,
  results: readonly ChargeResult[],
  now_ms: number,
): Promise<{ id: string; cancel_reason: string | null; asks: boolean }[]> {
  return tx.query(
    `with open as (
       select p.id, p.action_until from payments p
       where p.id = any($1::uuid[]) and p.status in ('charging', 'unknown', 'action_required') order by p.id for update
     ), settled as (
       update payments p set status = r.status, decline_code = r.decline_code, provider_reference = coalesce(r.provider_reference, p.provider_reference),
         payment_method = case when r.status in ('unknown', 'action_required') then p.payment_method end,
         action_url = case r.status when 'action_required' then r.action_url when 'unknown' then p.action_url end,
         action_until = case r.status when 'action_required' then coalesce(p.action_until, to_timestamp(r.action_until_ms / 1000))
           when 'unknown' then p.action_until end,
         captured = case r.status when 'captured' then p.amount else 0 end,
         refunding = case when r.status = 'captured' and p.cancel_reason is not null then p.amount else 0 end,
         due_at = case when r.status = 'action_required' and p.cancel_reason is not null then to_timestamp($6::float8 / 1000)
           else to_timestamp(r.due_ms / 1000) end, updated_at = to_timestamp($6::float8 / 1000)
       from open, unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::float8[], $7::text[], $8::float8[])
         r (id, status, decline_code, provider_reference, due_ms, action_url, action_until_ms)
       where p.id = open.id and r.id = open.id
       returning p.id, p.cancel_reason, p.captured, p.currency,
         r.status = 'action_required' and open.action_until is null and p.cancel_reason is null asks
     ), booked as (
       insert into transfers (debit_account, credit_account, amount, currency, payment_id, refund_id, created_at)
       select 'provider', 'sales', s.captured, s.currency, s.id, null, to_timestamp($6::float8 / 1000) from settled s where s.captured > 0
     )
     select id, cancel_reason, asks from settled`,
    [
      results.map((result) => result.id),
      results.map((result) => result.status),
      results.map((result) => result.decline_code),
      results.map((result) => result.provider_reference),
      results.map((result) => result.due_ms),
      now_ms,
      results.map((result) => result.action?.url ?? null),
      results.map((result) => result.action?.until_ms ?? null),
    ],
  );
}

export async function findPayment(db: Queryable, id: string): Promise<PaymentRow | undefined> {
  return (await db.query<PaymentRow>(`select ${columns} from payments p where p.id = $1`, [id]))[0];
}

export interface PaymentChoice {
  /** Only those of these customers. */
  user_ids: readonly string[] | undefined;
  order_ids: readonly string[] | undefined;
  /** Id of the order after which the page begins. */
  after: string | undefined;
  limit: number;
  skip: number;
}

/** Newest order first: ids of orders grow with time. */
export function listPayments(db: Queryable, { user_ids, order_ids, after, limit, skip }: PaymentChoice): Promise<PaymentRow[]> {
  const conditions: string[] = [];
  const values: unknown[] = [limit, skip];
  const placeOf = (value: unknown): string => `$${values.push(value)}`;
  const [only, another] = user_ids ?? [];
  // One customer's payments are read in their order from the index; those of several are sorted.
  if (another !== undefined) conditions.push(`p.user_id = any(${placeOf(user_ids)}::uuid[])`);
  else if (only !== undefined) conditions.push(`p.user_id = ${placeOf(only)}`);
  if (order_ids !== undefined) conditions.push(`p.order_id = any(${placeOf(order_ids)}::uuid[])`);
  if (after !== undefined) conditions.push(`p.order_id < ${placeOf(after)}`);
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return db.query<PaymentRow>(`select ${columns} from payments p ${where} order by p.order_id desc limit $1 offset $2`, values);
}

/** Whether any payment has not ended. */
export async function anyOpenPayment(db: Queryable): Promise<boolean> {
  return (await db.query('select 1 from payments where due_at is not null limit 1')).length > 0;
}
