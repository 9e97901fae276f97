-- Guests whose payments are those of a person, because both are the same (user.guest_linked). No payment is rewritten.
create table linked_guests (
  guest_user_id uuid primary key,
  user_id uuid not null
);
create index linked_guests_of_user on linked_guests (user_id);
