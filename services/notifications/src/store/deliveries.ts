/** SQL of the table deliveries. Where a webhook and its deliveries change together the webhook is locked first. */
import type { Delivery } from '@souk/contracts';
import type { Database, Queryable, Tx } from '@souk/postgres';
import type { WebhookMessage } from '../domain/webhook-message.ts';

export const deliveriesKeptDays = 30;
const columns = 'event_id, event_type, status, attempts, last_status, last_failure, next_attempt_at, occurred_at, delivered_at';

/** A delivery as it is stored: one that is over keeps when it was due last. */
export type StoredDelivery = Omit<Delivery, 'next_attempt_at'> & { next_attempt_at: string };

/** Writes a delivery for each webhook that wants the event, once; what is older than deliveries are kept is left out. How many are new. */
export async function insertDeliveries(
  tx: Tx,
  messages: readonly WebhookMessage[],
  times: { now: string; since: string },
): Promise<number> {
  const rows = await tx.query(
    `insert into deliveries (webhook_id, event_id, event_day, event_type, body, next_attempt_at, occurred_at)
     select w.id, m.event_id, (m.occurred_at at time zone 'utc')::date, m.event_type, m.body, $2, m.occurred_at
     from json_to_recordset($1::json) m (event_id uuid, event_type text, body text, occurred_at timestamptz)
     join webhooks w on w.status <> 'disabled' and m.event_type = any(w.event_types)
     where m.occurred_at >= $3 order by w.id, m.event_id
     on conflict do nothing returning 1`,
    [JSON.stringify(messages), times.now, times.since],
  );
  return rows.length;
}

/** One message to one webhook, whatever it wants. */
export async function insertDelivery(tx: Tx, webhook_id: string, message: WebhookMessage, now: string): Promise<StoredDelivery> {
  const [row] = await tx.query<StoredDelivery>(
    `insert into deliveries (webhook_id, event_id, event_day, event_type, body, next_attempt_at, occurred_at)
     values ($1, $2, ($5::timestamptz at time zone 'utc')::date, $3, $4, $6, $5) returning ${columns}`,
    [webhook_id, message.event_id, message.event_type, message.body, message.occurred_at, now],
  );
  return row as StoredDelivery;
}

export interface DeliveryPage {
  status: Delivery['status'] | undefined;
  before: { event_id: string; occurred_at: string } | undefined;
  skip: number;
  limit: number;
}

export function listDeliveries(
  db: Queryable,
  webhook_id: string,
  { status, before, skip, limit }: DeliveryPage,
): Promise<StoredDelivery[]> {
  return db.query<StoredDelivery>(
    `select ${columns} from deliveries
     where webhook_id = $1 and ($2::text is null or status = $2) and ($3::timestamptz is null or (occurred_at, event_id) < ($3, $4::uuid))
       and ($3::timestamptz is null or event_day <= ($3::timestamptz at time zone 'utc')::date)
     order by occurred_at desc, event_id desc offset $5 limit $6`,
    [webhook_id, status ?? null, before?.occurred_at ?? null, before?.event_id ?? null, skip, limit],
  );
}

export interface ReplayChoice {
  since: string;
  until: string;
  only_failed: boolean;
  now: string;
  most: number;
}

/** Makes what is over pending again, the oldest first; how many. */
export async function replayDeliveries(tx: Tx, webhook_id: string, choice: ReplayChoice): Promise<number> {
  const rows = await tx.query(
    `with chosen as (
       select event_id, event_day from deliveries
       where webhook_id = $1 and event_day between ($2::timestamptz at time zone 'utc')::date and ($3::timestamptz at time zone 'utc')::date
         and occurred_at >= $2 and occurred_at <= $3 and status <> 'pending' and (status = 'failed' or not $4)
       order by occurred_at, event_id limit $6 for update skip locked
     )
     update deliveries d set status = 'pending', attempts = 0, next_attempt_at = $5, delivered_at = null
     from chosen c where d.webhook_id = $1 and d.event_id = c.event_id and d.event_day = c.event_day and d.status <> 'pending' returning 1`,
    [webhook_id, choice.since, choice.until, choice.only_failed, choice.now, choice.most],
  );
  return rows.length;
}

/** Active webhooks with something due, kept from other processes until this transaction ends. */
export function lockDueWebhooks(tx: Tx, now: string): Promise<{ id: string }[]> {
  return tx.query<{ id: string }>(
    `select w.id from webhooks w
     where w.status = 'active' and (w.held_until is null or w.held_until <= $1)
       and exists (select from deliveries d where d.webhook_id = w.id and d.status = 'pending' and d.next_attempt_at <= $1)
     order by w.id for update skip locked`,
    [now],
  );
}

/** Since when the longest overdue delivery to an active webhook that is not held waits; null where none does. */
export async function overdueSince(db: Queryable, now: string): Promise<string | null> {
  const [row] = await db.query<{ since: string | null }>(
    `select min(d.next_attempt_at) since from webhooks w join deliveries d on d.webhook_id = w.id
     where w.status = 'active' and (w.held_until is null or w.held_until <= $1) and d.status = 'pending' and d.next_attempt_at <= $1`,
    [now],
  );
  return row?.since ?? null;
}

export interface ClaimedDelivery {
  webhook_id: string;
  url: string;
  event_id: string;
  event_day: string;
  event_type: string;
  body: string;
  attempts: number;
  lease_until: string;
}

/**
 * What is due at webhooks that are locked, leased to this process. No more than so many are under way to one webhook, in all processes
 * together: the leases are counted in a statement of its own, which sees what was committed before the lock was got.
 */
export function claimDeliveries(
  tx: Tx,
  webhook_ids: readonly string[],
  { now, lease_until, at_once_max }: { now: string; lease_until: string; at_once_max: number },
): Promise<ClaimedDelivery[]> {
  return tx.query<ClaimedDelivery>(
    `with picked as (
       select w.id, w.url, d.event_id, d.event_day from webhooks w cross join lateral (
         select event_id, event_day from deliveries
         where webhook_id = w.id and status = 'pending' and next_attempt_at <= $2
         order by next_attempt_at limit greatest(0, case when w.slow_level > 0 then 1 else $4::int end
           - (select count(*) from deliveries l where l.webhook_id = w.id and l.lease_until > $2))
       ) d where w.id = any($1::uuid[])
     )
     update deliveries d set lease_until = $3, next_attempt_at = $3
     from picked p where d.webhook_id = p.id and d.event_id = p.event_id and d.event_day = p.event_day
     returning d.webhook_id, p.url, d.event_id, d.event_day::text event_day, d.event_type, d.body, d.attempts, $3::timestamptz lease_until`,
    [webhook_ids, now, lease_until, at_once_max],
  );
}

export interface DeliveryOutcome {
  status: Delivery['status'];
  attempts: number;
  next_attempt_at: string;
  last_status: number | null;
  last_failure: Delivery['last_failure'];
}

/** False: the lease was over, and another process has it. */
export async function saveOutcome(tx: Tx, claimed: ClaimedDelivery, outcome: DeliveryOutcome, now: string): Promise<boolean> {
  const { webhook_id, event_id, event_day, lease_until } = claimed;
  const rows = await tx.query(
    `update deliveries set status = $5, attempts = $6, next_attempt_at = $7, last_status = $8, last_failure = $9, lease_until = null,
       delivered_at = case when $5 = 'delivered' then $10::timestamptz end
     where webhook_id = $1 and event_id = $2 and event_day = $3::date and lease_until = $4 returning 1`,
    [
      webhook_id,
      event_id,
      event_day,
      lease_until,
      outcome.status,
      outcome.attempts,
      outcome.next_attempt_at,
      outcome.last_status,
      outcome.last_failure,
      now,
    ],
  );
  return rows.length > 0;
}

/** Gives back what was claimed and not posted. */
export async function releaseDelivery(
  db: Queryable,
  { webhook_id, event_id, event_day, lease_until }: ClaimedDelivery,
  now: string,
): Promise<void> {
  await db.query(
    `update deliveries set next_attempt_at = $5, lease_until = null
     where webhook_id = $1 and event_id = $2 and event_day = $3::date and lease_until = $4`,
    [webhook_id, event_id, event_day, lease_until, now],
  );
}

const dayMs = 86_400_000;
const partitionsAhead = 2;

/** Makes the partitions of yesterday to the day after tomorrow, and drops those older than the days kept. */
export async function maintainDeliveries(db: Database, now_ms: number): Promise<void> {
  const today = Math.floor(now_ms / dayMs);
  await db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(7_710_105)');
    const present = await tx.query<{ name: string }>(
      `select c.relname name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'deliveries'::regclass`,
    );
    const names = new Set(present.map((row) => row.name));
    for (let day = today - 1; day <= today + partitionsAhead; day += 1) if (!names.has(partitionName(day))) await createPartition(tx, day);
    for (const name of names)
      if (/^deliveries_\d{8}$/.test(name) && name < partitionName(today - deliveriesKeptDays)) await tx.query(`drop table ${name}`);
    await tx.query('delete from deliveries_other_days where event_day < $1::date', [isoDay(today - deliveriesKeptDays)]);
  });
}

/** Rows that came for that day before its partition was there are moved into it. */
async function createPartition(tx: Tx, day: number): Promise<void> {
  const name = partitionName(day);
  await tx.query(`create table ${name} (like deliveries including all)`);
  await tx.query(
    `with moved as (delete from deliveries_other_days where event_day = '${isoDay(day)}' returning *) insert into ${name} select * from moved`,
  );
  await tx.query(`alter table deliveries attach partition ${name} for values from ('${isoDay(day)}') to ('${isoDay(day + 1)}')`);
}

function isoDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

function partitionName(day: number): string {
  return `deliveries_${isoDay(day).replaceAll('-', '')}`;
}
