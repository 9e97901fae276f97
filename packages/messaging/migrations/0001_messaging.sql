-- What every service keeps for its messages: facts not sent yet, events already handled, messages given up.

create table outbox (
  event_id uuid primary key,
  event_type text not null,
  body text not null,
  created_at timestamptz not null default clock_timestamp(),
  -- Until then a relay is busy with the row; other relays leave it alone.
  claimed_until timestamptz
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, fillfactor = 90);

-- The day is the event's own day, not the day of handling: a repeat, however late, meets the same partition and so
-- the same key.
create table inbox (
  queue text not null,
  event_id uuid not null,
  event_day date not null,
  primary key (queue, event_id, event_day)
) partition by range (event_day);
create table inbox_other_days partition of inbox default;

create table dead_letters (
  id bigint generated always as identity primary key,
  queue text not null,
  event_id text,
  event_type text,
  reason text not null,
  detail text not null,
  attempts integer not null,
  correlation_id text,
  traceparent text,
  code_version text not null,
  body text not null,
  died_at timestamptz not null default clock_timestamp()
);
create index dead_letters_by_cause on dead_letters (queue, reason, id);
