import type { Queryable } from '@souk/postgres';

export type NotificationFactRow = {
  key: string;
  event_id: string;
  event_type: string;
  order_id: string | null;
  channel: string;
  status: string;
  count: number;
  created_at_ms: number;
};

/** Messages by event, channel and recipient, in order of that key; `after` is the last key seen. */
export function notificationFacts(db: Queryable, after: string | undefined, limit: number): Promise<NotificationFactRow[]> {
  const [event_id, channel, recipient] = after === undefined ? [null, '', ''] : splitKey(after);
  return db.query<NotificationFactRow>(
    `select event_id || ':' || channel || ':' || encode(convert_to(recipient, 'utf8'), 'base64') key, event_id, min(event_type) event_type, min(order_id::text) order_id,
            channel, min(status) status, count(*)::int count, (extract(epoch from min(created_at)) * 1000)::bigint created_at_ms
     from notifications
     where $1::uuid is null or (event_id, channel, recipient) > ($1::uuid, $2, $3)
     group by event_id, channel, recipient order by event_id, channel, recipient limit $4`,
    [event_id, channel, recipient, limit],
  );
}

function splitKey(key: string): [string, string, string] {
  const [event_id = '', channel = '', recipient = ''] = key.split(':');
  return [event_id, channel, Buffer.from(recipient, 'base64').toString('utf8')];
}

export type ToldFactRow = {
  key: string;
  order_id: string;
  told: { event_type: string; events: number }[];
};

/** What was told of each order, in order of its id; `after` is the last id seen. Both levels go by the index of orders. */
export function toldFacts(db: Queryable, after: string | undefined, limit: number): Promise<ToldFactRow[]> {
  return db.query<ToldFactRow>(
    `with page as (
       select order_id from notifications where order_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
       group by order_id order by order_id limit $2
     )
     select order_id key, order_id, t.told
     from page p
     cross join lateral (
       select json_agg(json_build_object('event_type', event_type, 'events', events) order by event_type) told
       from (
         select event_type, count(distinct event_id)::int events from notifications n where n.order_id = p.order_id group by event_type
       ) by_type
     ) t
     order by order_id`,
    [after ?? null, limit],
  );
}
