-- Keys of programs. They act in the name of the administrator who created them, and not longer than that account is one.
create table api_keys (
  id uuid primary key,
  user_id uuid not null references accounts,
  name text not null,
  scopes text[] not null,
  -- SHA-256 of the key, which has 256 random bits.
  key_hash bytea not null,
  created_at timestamptz not null,
  -- Null: until it is deleted.
  expires_at timestamptz,
  -- To the minute.
  last_used_at timestamptz,
  -- The row stays for a while, so that histories that name the key can be read.
  deleted_at timestamptz,
  constraint api_key_scopes_some check (cardinality(scopes) > 0)
) with (fillfactor = 70);
create index api_keys_user_id on api_keys (user_id);
create index api_keys_ended on api_keys (least(deleted_at, expires_at)) where deleted_at is not null or expires_at is not null;
