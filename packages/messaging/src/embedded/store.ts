/** All SQL of the embedded broker. Messages travel as parallel arrays: one statement for any number of them. */
import type { Database, Queryable, Tx } from '@souk/postgres';
import type { Outgoing, QueueDeclaration } from '../broker.ts';
import type { QueueStats } from '../queue-samples.ts';

export interface StoredMessage {
  id: number;
  attempts: number;
  enqueued_ms: number;
  message_id: string | null;
  routing_key: string;
  content_type: string | null;
  headers: string;
  body: string;
}

const deadSuffix = '.dead';

/** Creates what is missing; removes bindings to events a queue no longer consumes from the table. */
export async function declareQueues(db: Database, queues: readonly QueueDeclaration[]): Promise<void> {
  const names = queues.flatMap((queue) => [queue.name, `${queue.name}${deadSuffix}`]);
  const bound = queues.flatMap((queue) => queue.routing_keys.map((routing_key) => ({ routing_key, name: queue.name })));
  await db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(7_710_001)');
    await tx.query('insert into queue (name) select name from unnest($1::text[]) name where name not in (select name from queue)', [names]);
    await tx.query(
      `with wanted as (
         select b.routing_key, q.id queue_id from unnest($1::text[], $2::text[]) b (routing_key, name) join queue q on q.name = b.name
       ), gone as (
         delete from binding using queue q
         where q.id = binding.queue_id and q.name = any($3::text[])
           and (binding.routing_key, binding.queue_id) not in (select routing_key, queue_id from wanted)
       )
       insert into binding select routing_key, queue_id from wanted on conflict do nothing`,
      [bound.map((b) => b.routing_key), bound.map((b) => b.name), queues.map((queue) => queue.name)],
    );
  });
}

export async function queueIds(db: Queryable): Promise<Map<string, number>> {
  const rows = await db.query<{ id: number; name: string }>('select id, name from queue');
  return new Map(rows.map((row) => [row.name, row.id]));
}

/**
 * Bindings with wildcards as regular expressions over the routing key with a closing dot: `*` is one word, `#` any
 * number. `matchesTopic` of the broker port says the same.
 */
const topicBindings = `
  select queue_id, '^' || replace(replace(replace(
    regexp_replace(routing_key, '([^a-zA-Z0-9_.*#-])', '\\\\\\1', 'g') || '.',
    '.', '\\.'), '*\\.', '[^.]*\\.'), '#\\.', '([^.]*\\.)*') || '$' matches
  from binding where routing_key ~ '[*#]'`;

/** Puts each message into every queue bound to its routing key; answers the positions of those that no queue took. */
export async function insertRouted(db: Queryable, messages: readonly Outgoing[], wake_payload: string | null): Promise<number[]> {
  const rows = await db.query<{ unroutable: number[] }>(
    `with input as (
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality i (message_id, routing_key, headers, body, position)
     ), topic as (${topicBindings}), routed as (
       select i.position, b.queue_id from input i join binding b on b.routing_key = i.routing_key
       union
       select i.position, t.queue_id from input i join topic t on i.routing_key || '.' ~ t.matches
     ), put as (
       insert into message (queue_id, message_id, routing_key, content_type, headers, body)
       select r.queue_id, i.message_id, i.routing_key, 'application/json', i.headers, i.body
       from input i join routed r on r.position = i.position order by i.position
     )
     select coalesce(array_agg(i.position::int - 1) filter (where not exists (select from routed r where r.position = i.position)), '{}') unroutable,
            case when $5::text is null then null else pg_notify('souk_broadcast', $5) end
     from input i`,
    [
      messages.map((message) => message.message_id),
      messages.map((message) => message.routing_key),
      messages.map((message) => JSON.stringify(message.headers)),
      messages.map((message) => message.body),
      wake_payload,
    ],
  );
  return rows[0]?.unroutable ?? [];
}

export async function insertInto(db: Queryable, queue: string, messages: readonly Outgoing[]): Promise<void> {
  await db.query(
    `insert into message (queue_id, message_id, routing_key, content_type, headers, body)
     select q.id, i.message_id, i.routing_key, 'application/json', i.headers, i.body
     from unnest($2::text[], $3::text[], $4::text[], $5::text[]) i (message_id, routing_key, headers, body), queue q where q.name = $1`,
    [
      queue,
      messages.map((message) => message.message_id),
      messages.map((message) => message.routing_key),
      messages.map((message) => JSON.stringify(message.headers)),
      messages.map((message) => message.body),
    ],
  );
}

/**
 * The oldest ready messages from this id on that no other consumer holds, locked until the transaction ends: when this process
 * dies, its connection ends and they are free again at once.
 */
export function claim(tx: Tx, queue_id: number, from_id: number, batch_max: number): Promise<StoredMessage[]> {
  return tx.query<StoredMessage>(
    `select id, attempts, (extract(epoch from enqueued_at) * 1000)::bigint enqueued_ms, message_id, routing_key, content_type, headers, body
     from message where queue_id = $1 and id >= $2 order by id limit $3 for update skip locked`,
    [queue_id, from_id, batch_max],
  );
}

export interface Settled {
  done: number[];
  retry: { id: number; delay_ms: number }[];
  dead: { id: number; headers: string }[];
}

/** Takes a claimed batch out of the queue, all in one statement, and commits. */
export async function settle(tx: Tx, queue_id: number, settled: Settled): Promise<void> {
  if (settled.retry.length === 0 && settled.dead.length === 0) {
    await tx.finish('delete from message where queue_id = $1 and id = any($2::bigint[])', [queue_id, settled.done]);
    return;
  }
  await tx.finish(
    `with out as (delete from message where queue_id = $1 and id = any($2::bigint[] || $3::bigint[] || $5::bigint[]) returning *),
     later as (
       insert into delayed (due_at, queue_id, attempts, enqueued_at, message_id, routing_key, content_type, headers, body)
       select clock_timestamp() + r.delay_ms * interval '1 ms', o.queue_id, o.attempts + 1, o.enqueued_at, o.message_id, o.routing_key, o.content_type, o.headers, o.body
       from out o join unnest($3::bigint[], $4::int[]) r (id, delay_ms) on r.id = o.id
     )
     insert into message (queue_id, attempts, enqueued_at, message_id, routing_key, content_type, headers, body)
     select g.id, o.attempts + 1, o.enqueued_at, o.message_id, o.routing_key, o.content_type, d.headers, o.body
     from out o join unnest($5::bigint[], $6::text[]) d (id, headers) on d.id = o.id
     join queue q on q.id = o.queue_id join queue g on g.name = q.name || '${deadSuffix}'`,
    [
      queue_id,
      settled.done,
      settled.retry.map((r) => r.id),
      settled.retry.map((r) => r.delay_ms),
      settled.dead.map((d) => d.id),
      settled.dead.map((d) => d.headers),
    ],
  );
}

const movedMax = 1_000;

export interface OldestMessage {
  oldest_ms: number;
  /** Null where all that is ready was brought back by this very poll. */
  oldest_id: number | null;
}

/** Brings back what is due, and answers which of the given queues have something ready: the one poll of a process. */
export async function tick(db: Queryable, queue_ids: readonly number[]): Promise<Map<number, OldestMessage>> {
  const rows = await db.query<OldestMessage & { queue_id: number }>(
    `with due as (
       delete from delayed where id in (select id from delayed where due_at <= clock_timestamp() order by due_at limit ${movedMax} for update skip locked)
       returning queue_id, attempts, enqueued_at, message_id, routing_key, content_type, headers, body
     ), moved as (
       insert into message (queue_id, attempts, enqueued_at, message_id, routing_key, content_type, headers, body) select * from due returning queue_id, enqueued_at
     )
     select q.id queue_id, (extract(epoch from coalesce(least(m.enqueued_at, d.enqueued_at), m.enqueued_at, d.enqueued_at)) * 1000)::bigint oldest_ms, m.id oldest_id
     from unnest($1::smallint[]) q (id)
     left join lateral (select id, enqueued_at from message where queue_id = q.id order by id limit 1) m on true
     left join lateral (select min(enqueued_at) enqueued_at from moved where queue_id = q.id) d on true
     where m.enqueued_at is not null or d.enqueued_at is not null`,
    [queue_ids],
  );
  return new Map(rows.map(({ queue_id, ...oldest }) => [queue_id, oldest]));
}

/** Age of the oldest message of a queue that waits for a retry, as enqueue time; 0 when none waits. */
export async function oldestDelayed(db: Queryable): Promise<Map<number, number>> {
  const rows = await db.query<{ queue_id: number; oldest_ms: number }>(
    'select queue_id, (extract(epoch from min(enqueued_at)) * 1000)::bigint oldest_ms from delayed group by queue_id',
  );
  return new Map(rows.map((row) => [row.queue_id, row.oldest_ms]));
}

/** Counting stops at a number beyond which the exact one is of no use. The order makes the planner take the index. */
const countedMax = 100_000;

export function stats(db: Queryable, queues: readonly string[]): Promise<Omit<QueueStats, 'in_hand'>[]> {
  return db.query(
    `select q.name queue, m.ready, coalesce(d.delayed, 0)::int delayed,
            coalesce(greatest(extract(epoch from clock_timestamp() - o.enqueued_at), 0), 0)::float8 oldest_age_s
     from queue q
     cross join lateral (
       select count(*)::int ready from (select from message where queue_id = q.id order by id limit ${countedMax}) counted) m
     left join lateral (select enqueued_at from message where queue_id = q.id order by id limit 1) o on true
     left join (select queue_id, count(*) delayed from delayed group by queue_id) d on d.queue_id = q.id
     where q.name = any($1::text[])
     order by q.name`,
    [queues],
  );
}

/** Renews the lease of this listener, forgets those that are gone, and says whether other processes listen. */
export async function renewListener(db: Queryable, instance_id: string, lease_ms: number, listening: boolean): Promise<boolean> {
  const rows = await db.query<{ others: boolean }>(
    `with gone as (delete from listener where lease_until < clock_timestamp() - interval '1 minute'),
     mine as (
       insert into listener select $1::uuid, clock_timestamp() + $2::int * interval '1 ms' where $3::boolean
       on conflict (instance_id) do update set lease_until = excluded.lease_until
     )
     select exists (select from listener where instance_id <> $1::uuid and lease_until > clock_timestamp()) others`,
    [instance_id, lease_ms, listening],
  );
  return rows[0]?.others ?? false;
}
