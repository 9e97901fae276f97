-- Names and addresses are compared by keys that the service computes: NFKC, case-folded, without invisible characters, and
-- with the domain as A-labels. Look-alikes are one.
alter table accounts add column username_key text, add column email_key text;
update accounts set
  username_key = lower(username),
  email_key = lower(regexp_replace(normalize(email, NFKC), '[\u00AD\u200B-\u200F\u2060-\u2064\uFEFF]', '', 'g'));
-- Where two living accounts had look-alike addresses the older one keeps it; the other is signed in to by its user name.
update accounts a set email_key = a.email_key || '#' || a.id
where a.erased_at is null
  and exists (select from accounts b where b.email_key = a.email_key and b.erased_at is null and b.id < a.id);
alter table accounts alter column username_key set not null, alter column email_key set not null;
drop index accounts_username_unique;
drop index accounts_email_unique;
create unique index accounts_username_unique on accounts (username_key) where erased_at is null;
create unique index accounts_email_unique on accounts (email_key) where erased_at is null;

-- Keyed digest of the network the session was begun or renewed from last.
alter table sessions add column network text;

-- Failures are counted for each account and network together first, for an account alone late.
alter table login_failures drop constraint failure_scope_known;
delete from login_failures where scope = 'account';
alter table login_failures add constraint failure_scope_known check (scope in ('account', 'pair', 'address'));

-- Messages requested within a day, by recipient (keyed digest of the address) and by account.
create table message_counts (
  scope text not null,
  subject text not null,
  requested integer not null,
  ends_at timestamptz not null,
  primary key (scope, subject),
  constraint message_scope_known check (scope in ('recipient', 'account'))
) with (fillfactor = 70);
create index message_counts_ends_at on message_counts (ends_at);

-- Authenticator apps (RFC 6238). The secret is sealed with a key that is not in this database.
create table second_factors (
  user_id uuid primary key references accounts,
  sealed_secret bytea not null,
  created_at timestamptz not null,
  -- Until then it is not asked for.
  confirmed_at timestamptz,
  -- Time step of the last code that was taken: it and those before it are not taken again.
  last_step bigint not null default 0
) with (fillfactor = 70);

-- SHA-256 of recovery codes that were not used yet; they have 80 random bits.
create table recovery_codes (
  user_id uuid not null references accounts,
  code_hash bytea not null,
  primary key (user_id, code_hash)
);
