-- Who there is, how they prove it, and the keys their access tokens are signed with.

create table accounts (
  id uuid primary key,
  username text not null,
  email text not null,
  full_name text not null,
  phone text,
  role text not null,
  email_verified boolean not null,
  -- PHC string of argon2id; `!` for an account nobody can sign in to.
  password_hash text not null,
  -- Grows by one with each change.
  version integer not null,
  -- The row stays, without anything personal, so that the id is never used again.
  erased_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint account_role_known check (role in ('customer', 'staff', 'admin')),
  constraint account_version_positive check (version >= 1)
) with (fillfactor = 85);
-- The names of an erased account are free again.
create unique index accounts_username_unique on accounts (lower(username)) where erased_at is null;
create unique index accounts_email_unique on accounts (lower(email)) where erased_at is null;
create index accounts_admins on accounts (id) where role = 'admin' and erased_at is null;

-- One row for each sign-in that goes on: a family of refresh tokens of which only the newest is good.
create table sessions (
  id uuid primary key,
  user_id uuid not null references accounts,
  -- SHA-256 of the newest refresh token.
  token_hash bytea not null,
  created_at timestamptz not null,
  renewed_at timestamptz not null,
  expires_at timestamptz not null
) with (fillfactor = 70);
create index sessions_user_id on sessions (user_id);
create index sessions_expires_at on sessions (expires_at);

-- Links that were sent to people. The secret in the link is derived from token_id and stored nowhere.
create table message_tokens (
  token_id uuid primary key,
  user_id uuid not null references accounts,
  purpose text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint message_purpose_known check (purpose in ('verify_email', 'password_reset'))
);
create index message_tokens_user_id on message_tokens (user_id);
create index message_tokens_expires_at on message_tokens (expires_at);

-- Wishes for a new password, answered alike whether or not there is an account; a job looks for it.
create table reset_requests (
  id uuid primary key,
  email text not null,
  cause jsonb not null,
  created_at timestamptz not null
);

-- Ed25519 pairs. The private half is sealed with a key that is not in this database.
create table signing_keys (
  kid text primary key,
  public_x text not null,
  sealed_private bytea not null,
  published_at timestamptz not null,
  active_from timestamptz not null,
  -- When the next key takes over; the key is removed when the last token it signed has ended.
  retired_at timestamptz,
  constraint published_before_use check (published_at <= active_from)
);

-- Failed sign-ins by login name and by client address, as keyed digests: neither names nor addresses are kept.
create table login_failures (
  scope text not null,
  subject text not null,
  failures integer not null,
  blocked_until timestamptz not null,
  expires_at timestamptz not null,
  primary key (scope, subject),
  constraint failure_scope_known check (scope in ('account', 'address'))
) with (fillfactor = 70);
create index login_failures_expires_at on login_failures (expires_at);

-- What was done once and for all, such as loading the sample.
create table milestones (
  name text primary key,
  reached_at timestamptz not null
);
