-- The saved cart of each customer who has one, here and nowhere else, so that placing an order empties it in the order's own transaction.

-- One for all carts: a version that a page has read never comes back, also when the cart was emptied and begun anew.
create sequence cart_versions;

create table carts (
  user_id uuid primary key,
  version bigint not null,
  -- [{product_id, quantity, merged?}], at most 100 of each.
  lines jsonb not null,
  later jsonb not null,
  updated_at timestamptz not null
) with (fillfactor = 70);

-- The version of the cart that was ordered; null where none was named. The auditor has to see that it is gone.
alter table orders add column cart_version bigint;
