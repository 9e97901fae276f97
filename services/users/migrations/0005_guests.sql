-- Guests: people who order without an account. Each is an account of its own that cannot be signed in to, outside the unique addresses, so
-- that opening one never says whether an address is known.
alter table accounts
  add column kind text not null default 'registered',
  -- Of a guest only: the address as it is compared, for the one account that may link its guests once the address is verified.
  add column guest_key text,
  -- The account that has linked the guest; nobody else can claim it any more.
  add column linked_to uuid references accounts,
  -- An order of the guest is known: it stays.
  add column has_ordered boolean not null default false;
-- What a guest is called takes no name and no address of those who have an account; an older version that forgets this is stopped here.
alter table accounts add constraint account_kind_known check (kind in ('registered', 'guest'));
alter table accounts add constraint account_guest_takes_no_address check ((kind = 'guest') = (position('@' in email_key) = 0));
create index accounts_guests on accounts (guest_key, id) where guest_key is not null;
create index accounts_linked on accounts (linked_to, id) where linked_to is not null;
create index accounts_idle_guests on accounts (id) where kind = 'guest' and erased_at is null and linked_to is null and not has_ordered;
