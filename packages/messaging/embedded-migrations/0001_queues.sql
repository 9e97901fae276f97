-- The embedded broker: queues, what they are bound to, and the messages that wait in them.

create table queue (
  id smallint generated always as identity primary key,
  name text not null unique
);
create table binding (
  routing_key text not null,
  queue_id smallint not null references queue on delete cascade,
  primary key (routing_key, queue_id)
);

-- Ready messages. They live for milliseconds, so the table stays small and hot; vacuum has to keep up with the churn.
create table message (
  id bigint generated always as identity,
  queue_id smallint not null references queue on delete cascade,
  attempts smallint not null default 0,
  enqueued_at timestamptz not null default clock_timestamp(),
  message_id text,
  routing_key text not null,
  content_type text,
  headers text not null,
  body text not null,
  primary key (queue_id, id)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- Messages waiting for their next attempt; moved back when due.
create table delayed (
  id bigint generated always as identity primary key,
  due_at timestamptz not null,
  queue_id smallint not null references queue on delete cascade,
  attempts smallint not null,
  enqueued_at timestamptz not null,
  message_id text,
  routing_key text not null,
  content_type text,
  headers text not null,
  body text not null
);
create index delayed_by_due on delayed (due_at);

-- Who listens to broadcasts, in any process; an instance that is gone loses its lease.
create table listener (
  instance_id uuid primary key,
  lease_until timestamptz not null
);
