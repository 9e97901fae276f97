-- The key set with which access tokens were last verified; survives restarts while the users service is away.
create table key_sets (
  issuer text primary key,
  keys jsonb not null,
  saved_at timestamptz not null
);

-- One row for each idempotency key that had an effect, written in the transaction of that effect.
create table idempotency_keys (
  user_id uuid not null,
  route text not null,
  key text not null,
  body_hash bytea not null,
  status integer,
  answer jsonb,
  resource_id uuid,
  created_at timestamptz not null default now(),
  primary key (user_id, route, key)
);
create index idempotency_keys_created_at on idempotency_keys (created_at);
