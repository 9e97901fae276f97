-- Tax and shipping: rules that staff set, what the catalogue says of tax and weight, and what an order freezes of its price.
-- Amounts are minor units, rates parts in a million. A shop without rules is priced as before.

create extension if not exists btree_gist;

-- One row, raised in every transaction that changes a rule: who prices knows by it whether the rules in memory are those of now.
create table rules (
  only_row boolean primary key default true check (only_row),
  version bigint not null
);
insert into rules (version) values (1);

create table tax_countries (
  country text primary key,
  -- Prices hold the tax; else it is added to them.
  included boolean not null,
  version integer not null,
  constraint tax_countries_code check (country ~ '^[A-Z]{2}$')
);

create table tax_rates (
  id uuid primary key,
  country text not null,
  region text,
  postal_prefix text,
  tax_class text not null,
  name text not null,
  rate_ppm integer not null,
  valid_from timestamptz,
  valid_until timestamptz,
  version integer not null,
  constraint tax_rates_in_range check (rate_ppm between 0 and 500000),
  constraint tax_rates_last check (valid_from < valid_until),
  -- One rate of a name at one place, for one class, at one time.
  constraint tax_rates_do_not_overlap exclude using gist (
    country with =, (coalesce(region, '')) with =, (coalesce(postal_prefix, '')) with =, tax_class with =, name with =,
    tstzrange(valid_from, valid_until) with &&
  )
);

create table shipping_zones (
  id uuid primary key,
  name text not null,
  -- None: everywhere, all of the countries, all postal codes.
  countries text[] not null,
  regions text[] not null,
  postal_prefixes text[] not null,
  version integer not null
);

create table shipping_methods (
  id uuid primary key,
  zone_id uuid not null references shipping_zones (id),
  code text not null,
  name text not null,
  kind text not null,
  currency text not null,
  -- [{from, amount}], rising from 0; from is an amount, or grams.
  steps jsonb not null,
  free_from bigint,
  days_min integer not null,
  days_max integer not null,
  -- Null: taxed like the goods.
  tax_class text,
  active boolean not null,
  position integer not null,
  version integer not null,
  constraint shipping_methods_kind_known check (kind in ('flat', 'by_subtotal', 'by_weight')),
  constraint shipping_methods_days check (days_min <= days_max),
  constraint shipping_methods_code_once unique (zone_id, code)
);

alter table catalogue
  -- Null: standard.
  add column tax_class text,
  -- Null: not known, counts as 0.
  add column weight_g integer;

alter table orders
  -- How the total came about; null where it is the sum of the lines.
  add column totals jsonb,
  -- Erased with the shipping address.
  add column billing_address jsonb,
  add column locale text;
