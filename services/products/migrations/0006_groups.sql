-- Groups: what customers see as one thing, with its variants. A product without a group is one by itself, under its own id. Kept by
-- the transactions that change products, and by stock where a variant comes into stock or sells out.

create table groups (
  id uuid primary key,
  -- Null only until the transaction that makes the group has found one.
  handle text collate "C" constraint group_handle_taken unique,
  title text not null,
  sort_name text collate "C" not null,
  description text not null,
  category text,
  image_url text,
  -- The first picture.
  image jsonb,
  -- Lowest and highest price in minor units of the currency, of variants in this currency.
  price bigint not null,
  price_max bigint not null,
  currency text not null,
  active_count integer not null,
  available_count integer not null,
  -- The variant that was added last.
  newest_id uuid not null
);
create index groups_newest on groups (newest_id) where active_count > 0;
create index groups_by_name on groups (sort_name, id) where active_count > 0;
create index groups_by_price on groups (currency, price, id) where active_count > 0;
create index groups_newest_of_category on groups (category, newest_id) where active_count > 0;
create index groups_of_category_by_name on groups (category, sort_name, id) where active_count > 0;
create index groups_of_category_by_price on groups (category, currency, price, id) where active_count > 0;

-- Every handle that a group has or had: an old one leads to the group, and no other group gets it.
create table group_handles (
  handle text collate "C" primary key,
  group_id uuid not null
);

-- How many groups wanted the same handle: each gets a number of its own.
create table handle_numbers (
  base text collate "C" primary key,
  last_number integer not null
);

-- The version of the product that its group was made with. Where it is not the present one, a job makes the group: rows of before, and
-- those that an older version of the service writes during an upgrade.
alter table products add column grouped_version integer not null default 0;
