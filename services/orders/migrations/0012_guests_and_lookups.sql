-- Guests whose orders are those of a person, because both are the same (user.guest_linked). No order is rewritten.
create table linked_guests (
  guest_user_id uuid primary key,
  user_id uuid not null
);
create index linked_guests_of_user on linked_guests (user_id);

-- Wishes for a link to an order, answered alike whether or not there is such an order; a job looks for it. No address is kept.
create table lookup_requests (
  id uuid primary key,
  order_number text not null,
  email_digest text not null,
  cause jsonb not null,
  created_at timestamptz not null
);

-- How often links were asked for with an address within an hour, by its digest.
create table lookup_counts (
  email_digest text primary key,
  requests integer not null,
  ends_at timestamptz not null
) with (fillfactor = 70);
create index lookup_counts_ends_at on lookup_counts (ends_at);
