-- Address books. Rows go with the account.

create table addresses (
  id uuid primary key,
  user_id uuid not null references accounts,
  label text,
  address jsonb not null,
  is_default boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index addresses_by_user on addresses (user_id, id);
create unique index addresses_one_default on addresses (user_id) where is_default;
