import type { Queryable } from '@souk/postgres';

export type NotificationRecord = {
  key: string;
  event_id: string;
  event_type: string;
  order_id: string | null;
  channel: string;
  count: number;
  created_at_ms: number;
};

/** Messages by event and channel, in order of that key; `after` is the last key seen. */
export function notificationRecords(db: Queryable, after: string | undefined, limit: number): Promise<NotificationRecord[]> {
  const [event_id, channel] = after === undefined ? [null, ''] : splitKey(after);
  return db.query<NotificationRecord>(
    `select event_id || ':' || channel key, event_id, min(event_type) event_type, min(order_id::text) order_id, channel, count(*)::int count,
            floor(extract(epoch from min(created_at)) * 1000)::bigint created_at_ms
     from notifications
     where $1::uuid is null or (event_id, channel) > ($1::uuid, $2)
     group by event_id, channel order by event_id, channel limit $3`,
    [event_id, channel, limit],
  );
}

function splitKey(key: string): [string, string] {
  const [event_id = '', channel = ''] = key.split(':');
  return [event_id, channel];
}

export type OrderMessagesRecord = {
  key: string;
  order_id: string;
  messages: { event_id: string; event_type: string; channel: string; user_id: string; messages: number }[];
};

/** Messages about each order by event, channel and person, in order of its id; `after` is the last id seen. Both levels go by the index of orders. */
export function orderMessages(db: Queryable, after: string | undefined, limit: number): Promise<OrderMessagesRecord[]> {
  return db.query<OrderMessagesRecord>(
    `with page as (
       select order_id from notifications where order_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
       group by order_id order by order_id limit $2
     )
     select order_id key, order_id, t.messages
     from page p
     cross join lateral (
       select coalesce(json_agg(json_build_object('event_id', event_id, 'event_type', event_type, 'channel', channel, 'user_id', user_id, 'messages', messages)
         order by event_type, event_id, channel), '[]') messages
       from (
         select event_id, event_type, channel, user_id, count(*)::int messages from notifications n where n.order_id = p.order_id
         group by event_id, event_type, channel, user_id
       ) by_event
     ) t
     order by order_id`,
    [after ?? null, limit],
  );
}
