import type { Queryable } from '@souk/postgres';

export type NotificationRecord = {
  key: string;
  event_id: string;
  event_type: string;
  channel: string;
  count: number;
  created_at_ms: number;
};

/** Messages about no order by event and channel, in order of that key; `after` is the last key seen. Those about orders are read by order. */
export function notificationRecords(db: Queryable, after: string | undefined, limit: number): Promise<NotificationRecord[]> {
  const [event_id, channel] = after === undefined ? [null, ''] : splitKey(after);
  return db.query<NotificationRecord>(
    `select event_id || ':' || channel key, event_id, min(event_type) event_type, channel, count(*)::int count,
            floor(extract(epoch from min(created_at)) * 1000)::bigint created_at_ms
     from notifications
     where order_id is null and ($1::uuid is null or (event_id, channel) > ($1::uuid, $2))
     group by event_id, channel order by event_id, channel limit $3`,
    [event_id, channel, limit],
  );
}

function splitKey(key: string): [string, string] {
  const [event_id = '', channel = ''] = key.split(':');
  return [event_id, channel];
}

export interface OrderMessagesRow {
  key: string;
  /** JSON text of the messages, without the brackets around it. */
  messages: string;
}

export type DeliveriesRow = { key: string; webhook_id: string; due: number; overdue_ms: number };

/** What is due to each active webhook that is not held, in order of its id. */
export function dueDeliveries(db: Queryable, now: string, after: string | undefined, limit: number): Promise<DeliveriesRow[]> {
  return db.query<DeliveriesRow>(
    `select w.id as key, w.id webhook_id, count(*)::int due, floor(extract(epoch from $1::timestamptz - min(d.next_attempt_at)) * 1000)::bigint overdue_ms
     from webhooks w join deliveries d on d.webhook_id = w.id and d.status = 'pending' and d.next_attempt_at <= $1
     where w.status = 'active' and (w.held_until is null or w.held_until <= $1) and w.id > $2::uuid
     group by w.id order by w.id limit $3`,
    [now, after ?? first, limit],
  );
}

const first = '00000000-0000-0000-0000-000000000000';
const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The order at which a page of so many messages ends; null when it is the last page. */
export async function messagePageEnd(db: Queryable, after: string | undefined, limit: number): Promise<string | null> {
  const [page] = await db.query<{ order_id: string | null }>(
    'select order_id from notifications where order_id > $1::uuid order by order_id offset $2 - 1 limit 1',
    [after ?? first, limit],
  );
  return page?.order_id ?? null;
}

/** Messages about each order, in order of its id, after `after` up to `end`. */
export function orderMessages(db: Queryable, after: string | undefined, end: string | null): Promise<OrderMessagesRow[]> {
  return db.query<OrderMessagesRow>(
    `select order_id as key, string_agg('{"event_id":"' || event_id || '","event_type":' || to_json(event_type) || ',"channel":"' || channel
       || '","user_id":"' || user_id || '","messages":1}', ',') as messages
     from notifications where order_id > $1::uuid and order_id <= $2::uuid group by order_id order by order_id`,
    [after ?? first, end ?? last],
  );
}
