import type { Queryable, Tx } from '@souk/postgres';
import { type NewNotification, type PendingNotification, writtenKey } from '../domain/compose.ts';
import type { FailureCode } from '../domain/failures.ts';
import type { StoredNotification } from '../domain/present-notification.ts';

const columns =
  'id, event_id, event_type, user_id, order_id, channel, recipient, subject, body, status, attempts, failure, failure_code, created_at, sent_at';

/** Whether a row names a recipient; what an erasure or retention took it from is called after its own id. */
const namesRecipient = `recipient <> 'erased' and recipient <> 'erased:' || id`;

/** Writes what is not there yet, what is to be sent leased to this process until `lease_until`; answers the ids that are new. */
export async function insertNotifications(
  tx: Tx,
  rows: readonly NewNotification[],
  times: { now: string; lease_until: string },
): Promise<Set<string>> {
  const inserted = await tx.query<{ id: string }>(
    `insert into notifications (id, event_id, event_type, user_id, order_id, order_number, channel, recipient, subject, body, html, locale, token_id, traceparent, status, failure_code,
                                next_attempt_at, created_at, attempts, sent_at)
     select id, event_id, event_type, user_id, order_id, order_number, channel, recipient, subject, body, html, locale, token_id, traceparent, status, failure_code, $2::timestamptz, $3::timestamptz,
            case status when 'sent' then 1 else 0 end, case status when 'sent' then $3::timestamptz end
     from json_to_recordset($1::json) n (
       id uuid, event_id uuid, event_type text, user_id uuid, order_id uuid, order_number text, channel text, recipient text, subject text, body text, html text, locale text,
       token_id uuid, traceparent text, status text, failure_code text)
     on conflict (event_id, channel, recipient) do nothing returning id`,
    [JSON.stringify(rows), times.lease_until, times.now],
  );
  return new Set(inserted.map((row) => row.id));
}

/** The channels by which events have been written for already, as writtenKey has them. */
export async function writtenBefore(tx: Tx, event_ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ event_id: string; channel: string }>(
    'select distinct event_id, channel from notifications where event_id = any($1::uuid[])',
    [event_ids],
  );
  return new Set(rows.map(writtenKey));
}

/** Whether a message may still leave: what was taken from this process meanwhile (an erasure, a resend that was sent) may not. */
export async function isStillToSend(db: Queryable, { id, recipient }: Pick<PendingNotification, 'id' | 'recipient'>): Promise<boolean> {
  const rows = await db.query(`select 1 from notifications where id = $1 and recipient = $2 and status = 'pending'`, [id, recipient]);
  return rows.length > 0;
}

/** Pending messages whose lease or wait is over, leased to this process. */
export function claimPending(
  db: Queryable,
  options: { now: string; lease_until: string; batch_max: number },
): Promise<PendingNotification[]> {
  return db.query<PendingNotification>(
    `update notifications set next_attempt_at = $2
     where id in (select id from notifications where status = 'pending' and next_attempt_at <= $1 order by next_attempt_at limit $3 for update skip locked)
     returning id, event_id, event_type, user_id, order_id, order_number, channel, recipient, subject, body, html, coalesce(locale, 'en') locale, token_id, traceparent, status, failure_code, attempts`,
    [options.now, options.lease_until, options.batch_max],
  );
}

export interface SendOutcome {
  id: string;
  status: 'sent' | 'failed' | 'pending';
  failure_code: FailureCode | null;
  /** What the server said; for staff. */
  failure: string | null;
  next_attempt_at: string;
  /** The body as it left, where the history keeps it. */
  body: string | null;
}

/** Rows are locked in order of id, as an erasure does. */
export async function saveOutcomes(db: Queryable, outcomes: readonly SendOutcome[], now: string): Promise<void> {
  await db.query(
    `with locked as (select id from notifications where id = any($3::uuid[]) order by id for update)
     update notifications n set status = o.status, failure = o.failure, failure_code = o.failure_code, attempts = n.attempts + 1, next_attempt_at = o.next_attempt_at,
            sent_at = case when o.status = 'sent' then $2::timestamptz end, body = coalesce(o.body, n.body)
     from json_to_recordset($1::json) o (id uuid, status text, failure text, failure_code text, next_attempt_at timestamptz, body text)
     join locked using (id)
     where n.id = o.id and n.status = 'pending'`,
    [JSON.stringify(outcomes), now, outcomes.map(({ id }) => id)],
  );
}

export async function findNotification(db: Queryable, id: string): Promise<StoredNotification | undefined> {
  const [row] = await db.query<StoredNotification>(`select ${columns} from notifications where id = $1`, [id]);
  return row;
}

export interface HistoryChoice {
  /** Messages to these people alone; null: to all. */
  user_ids: readonly string[] | null;
  order_id: string | null;
  limit: number;
}

export async function history(db: Queryable, choice: HistoryChoice): Promise<{ total: number; notifications: StoredNotification[] }> {
  const where = '($1::uuid[] is null or user_id = any($1::uuid[])) and ($2::uuid is null or order_id = $2)';
  const [notifications, counts] = await Promise.all([
    db.query<StoredNotification>(`select ${columns} from notifications where ${where} order by id desc limit $3`, [
      choice.user_ids,
      choice.order_id,
      choice.limit,
    ]),
    db.query<{ total: number }>(`select count(*)::int total from notifications where ${where}`, [choice.user_ids, choice.order_id]),
  ]);
  return { total: counts[0]?.total ?? 0, notifications };
}

/** The last messages about each of these orders, and how many there are in all. */
export async function historiesOfOrders(
  db: Queryable,
  choice: { user_ids: readonly string[] | null; order_ids: readonly string[]; limit_each: number },
): Promise<{ total: number; notifications: StoredNotification[] }> {
  const [notifications, counts] = await Promise.all([
    db.query<StoredNotification>(
      `select ${columns} from unnest($2::uuid[]) asked (about)
       cross join lateral (
         select * from notifications where order_id = about and ($1::uuid[] is null or user_id = any($1::uuid[])) order by id desc limit $3
       ) n order by id desc`,
      [choice.user_ids, choice.order_ids, choice.limit_each],
    ),
    db.query<{ total: number }>(
      'select count(*)::int total from notifications where order_id = any($2::uuid[]) and ($1::uuid[] is null or user_id = any($1::uuid[]))',
      [choice.user_ids, choice.order_ids],
    ),
  ]);
  return { total: counts[0]?.total ?? 0, notifications };
}

/** Makes a message pending again; undefined when there is none, or its recipient was erased. */
export async function resend(db: Queryable, id: string, now: string): Promise<StoredNotification | undefined> {
  const [row] = await db.query<StoredNotification>(
    `update notifications set status = 'pending', failure = null, failure_code = null, next_attempt_at = $2, attempts = 0
     where id = $1 and status <> 'suppressed' and ${namesRecipient} returning ${columns}`,
    [id, now],
  );
  return row;
}

export interface OrderNaming {
  user_id: string;
  /** Null where no event has said it. */
  order_number: string | null;
  /** The language of messages about the order; null where none was written yet. */
  locale?: string | null;
}

/** Whose orders these are and what they are called, as far as messages about them say. */
export async function namingsOfOrders(db: Queryable, order_ids: readonly string[]): Promise<Map<string, OrderNaming>> {
  const rows = await db.query<OrderNaming & { order_id: string; locale: string | null }>(
    `select distinct on (order_id) order_id, user_id, order_number, locale from notifications where order_id = any($1::uuid[])
     order by order_id, order_number nulls last`,
    [order_ids],
  );
  return new Map(rows.map(({ order_id, ...naming }) => [order_id, naming]));
}

/** Takes people out of all their messages: what was said and to which address; that something was said stays. */
export async function eraseRecipients(tx: Tx, user_ids: readonly string[]): Promise<void> {
  await tx.query(
    `with locked as (select id from notifications where user_id = any($1::uuid[]) and ${namesRecipient} order by id for update)
     update notifications n set recipient = 'erased:' || n.id, subject = null, body = '', html = null, token_id = null, failure = null,
            failure_code = case when n.status in ('pending', 'suppressed') then 'recipient_erased' else n.failure_code end,
            status = case when n.status = 'pending' then 'suppressed' else n.status end
     from locked where n.id = locked.id`,
    [user_ids],
  );
}

/** Forgets what is older: rows that no order needs as a whole, of the others address and text. True when there may be more. */
export async function forgetMessagesBefore(db: Queryable, before: string, batch_max: number): Promise<boolean> {
  const rows = await db.query<{ forgotten: number }>(
    `with old as (
       select id, order_id from notifications
       where (body <> '' or order_id is null) and created_at < $1::timestamptz and status <> 'pending'
       order by created_at limit $2 for update skip locked
     ), gone as (
       delete from notifications n using old where n.id = old.id and old.order_id is null
     ), emptied as (
       update notifications n set recipient = 'erased:' || n.id, subject = null, body = '', html = null, failure = null
       from old where n.id = old.id and old.order_id is not null
     )
     select count(*)::int forgotten from old`,
    [before, batch_max],
  );
  return (rows[0]?.forgotten ?? 0) === batch_max;
}
