import type { Notification } from '@souk/contracts';
import type { Queryable, Tx } from '@souk/postgres';
import type { NewNotification } from '../domain/compose.ts';
import type { PendingNotification } from '../domain/postbag.ts';

const columns =
  'id, event_id, event_type, user_id, order_id, channel, recipient, subject, body, status, attempts, failure, created_at, sent_at';

/** Writes what is not there yet, what is to be sent leased to this process until `lease_until`; answers the ids that are new. */
export async function insertNotifications(
  tx: Tx,
  rows: readonly NewNotification[],
  times: { now: string; lease_until: string },
): Promise<Set<string>> {
  const inserted = await tx.query<{ id: string }>(
    `insert into notifications (id, event_id, event_type, user_id, order_id, channel, recipient, subject, body, token_id, traceparent, status, next_attempt_at, created_at, attempts, sent_at)
     select id, event_id, event_type, user_id, order_id, channel, recipient, subject, body, token_id, traceparent, status, $2::timestamptz, $3::timestamptz,
            case status when 'sent' then 1 else 0 end, case status when 'sent' then $3::timestamptz end
     from json_to_recordset($1::json) n (id uuid, event_id uuid, event_type text, user_id uuid, order_id uuid, channel text, recipient text, subject text, body text, token_id uuid, traceparent text, status text)
     on conflict (event_id, channel, recipient) do nothing returning id`,
    [JSON.stringify(rows), times.lease_until, times.now],
  );
  return new Set(inserted.map((row) => row.id));
}

/** Pending messages whose lease or wait is over, leased to this process. */
export function claimPending(
  db: Queryable,
  options: { now: string; lease_until: string; batch_max: number },
): Promise<PendingNotification[]> {
  return db.query<PendingNotification>(
    `update notifications set next_attempt_at = $2
     where id in (select id from notifications where status = 'pending' and next_attempt_at <= $1 order by next_attempt_at limit $3 for update skip locked)
     returning id, event_id, event_type, user_id, order_id, channel, recipient, subject, body, token_id, traceparent, status, attempts`,
    [options.now, options.lease_until, options.batch_max],
  );
}

export interface SendOutcome {
  id: string;
  status: 'sent' | 'failed' | 'pending';
  failure: string | null;
  next_attempt_at: string;
  /** The body as it left, where the history keeps it. */
  body: string | null;
}

export async function saveOutcomes(db: Queryable, outcomes: readonly SendOutcome[], now: string): Promise<void> {
  await db.query(
    `update notifications n set status = o.status, failure = o.failure, attempts = n.attempts + 1, next_attempt_at = o.next_attempt_at,
            sent_at = case when o.status = 'sent' then $2::timestamptz end, body = coalesce(o.body, n.body)
     from json_to_recordset($1::json) o (id uuid, status text, failure text, next_attempt_at timestamptz, body text)
     where n.id = o.id and n.status = 'pending'`,
    [JSON.stringify(outcomes), now],
  );
}

export async function findNotification(db: Queryable, id: string): Promise<Notification | undefined> {
  const [row] = await db.query<Notification>(`select ${columns} from notifications where id = $1`, [id]);
  return row;
}

export interface HistoryChoice {
  user_id: string | null;
  order_id: string | null;
  limit: number;
}

export async function history(db: Queryable, choice: HistoryChoice): Promise<{ total: number; notifications: Notification[] }> {
  const where = '($1::uuid is null or user_id = $1) and ($2::uuid is null or order_id = $2)';
  const [notifications, counts] = await Promise.all([
    db.query<Notification>(`select ${columns} from notifications where ${where} order by id desc limit $3`, [
      choice.user_id,
      choice.order_id,
      choice.limit,
    ]),
    db.query<{ total: number }>(`select count(*)::int total from notifications where ${where}`, [choice.user_id, choice.order_id]),
  ]);
  return { total: counts[0]?.total ?? 0, notifications };
}

/** Makes a message pending again; undefined when there is none, or its recipient was erased. */
export async function resend(db: Queryable, id: string, now: string): Promise<Notification | undefined> {
  const [row] = await db.query<Notification>(
    `update notifications set status = 'pending', failure = null, next_attempt_at = $2, attempts = 0
     where id = $1 and status <> 'suppressed' and recipient not like 'erased:%' returning ${columns}`,
    [id, now],
  );
  return row;
}

/** Whose orders these are, as far as messages about them say. */
export async function ownersOfOrders(db: Queryable, order_ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.query<{ order_id: string; user_id: string }>(
    'select distinct on (order_id) order_id, user_id from notifications where order_id = any($1::uuid[]) order by order_id',
    [order_ids],
  );
  return new Map(rows.map((row) => [row.order_id, row.user_id]));
}

/** Takes a person out of all messages: what was said and to which address; that something was said stays. */
export async function eraseRecipients(tx: Tx, user_ids: readonly string[]): Promise<void> {
  await tx.query(
    `update notifications set recipient = 'erased:' || id, subject = null, body = '', failure = null,
            status = case when status = 'pending' then 'suppressed' else status end
     where user_id = any($1::uuid[]) and recipient not like 'erased%'`,
    [user_ids],
  );
}
