-- Addresses outside the shop to which events are posted, and what was posted to each.

create table webhooks (
  id uuid primary key,
  url text not null,
  description text not null,
  event_types text[] not null,
  status text not null constraint webhook_status_known check (status in ('active', 'paused', 'disabled')),
  disabled_reason text constraint webhook_reason_known check (disabled_reason in ('gone', 'failing')),
  -- The first failure since the last success.
  failing_since timestamptz,
  last_success_at timestamptz,
  -- How often it has asked for less (429, 502, 504) since its last success; until `held_until` nothing is posted to it.
  slow_level integer not null default 0,
  held_until timestamptz,
  -- The administrators are still to be written to about its end.
  notice_due boolean not null default false,
  version integer not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- What signs for a webhook, sealed with a key that is not in this database. One without an end is the newest.
create table webhook_secrets (
  id uuid primary key,
  webhook_id uuid not null references webhooks on delete cascade,
  sealed_secret bytea not null,
  signs_until timestamptz
);
create index webhook_secrets_of_webhook on webhook_secrets (webhook_id);

-- One row for each webhook and event, in partitions by the day of the event: forgetting is dropping a table.
create table deliveries (
  webhook_id uuid not null,
  event_id uuid not null,
  event_day date not null,
  event_type text not null,
  body text not null,
  status text not null default 'pending' constraint delivery_status_known check (status in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- When it is due; while it is being posted, the end of the lease.
  next_attempt_at timestamptz not null,
  lease_until timestamptz,
  last_status integer,
  last_failure text,
  occurred_at timestamptz not null,
  delivered_at timestamptz,
  primary key (webhook_id, event_id, event_day)
) partition by range (event_day);
create index deliveries_due on deliveries (webhook_id, next_attempt_at) where status = 'pending';
create index deliveries_leased on deliveries (webhook_id) where lease_until is not null;
-- Days whose partition is not there; the job moves its rows.
create table deliveries_other_days partition of deliveries default;
