-- Promotions, their codes, and the orders that used them. Amounts are minor units, parts are in a million.

create table promotions (
  id uuid primary key,
  label text not null,
  kind text not null,
  target text not null,
  -- Parts in a million of percent, minor units of fixed.
  value bigint not null,
  currency text,
  -- {products, groups, categories}; all goods where nothing is named.
  scope jsonb not null,
  -- Of buy_get: what is discounted, where it is other than what must be bought.
  get_scope jsonb,
  min_subtotal bigint not null,
  buy_quantity integer,
  get_quantity integer,
  get_ppm integer,
  sets_max integer,
  uses_max integer,
  uses_per_customer integer,
  starts_at timestamptz,
  ends_at timestamptz,
  combinable boolean not null,
  priority integer not null,
  automatic boolean not null,
  active boolean not null,
  -- Held redemptions that count; only of orders that were placed while there was a limit.
  used integer not null default 0,
  version integer not null,
  constraint promotions_kind_known check (kind in ('percent', 'fixed', 'free_shipping', 'buy_get')),
  constraint promotions_target_known check (target in ('lines', 'order', 'shipping')),
  constraint promotions_percent_in_range check (kind <> 'percent' or value between 1 and 1000000),
  constraint promotions_fixed_has_currency check (kind <> 'fixed' or (value > 0 and currency is not null)),
  constraint promotions_sets_complete check ((kind = 'buy_get') = (buy_quantity is not null and get_quantity is not null and get_ppm is not null)),
  constraint promotions_last check (starts_at < ends_at),
  constraint promotions_used_within_limit check (used between 0 and coalesce(uses_max, used))
) with (fillfactor = 50);
-- Those that every order has to count.
create index promotions_counted_always on promotions (id)
  where automatic and active and (uses_max is not null or uses_per_customer is not null);

create table promotion_codes (
  -- NFKC in upper case.
  code_key text primary key,
  promotion_id uuid not null references promotions (id),
  uses_max integer,
  -- Held redemptions; 0 where there is no limit.
  used integer not null default 0,
  constraint promotion_codes_used_within_limit check (used between 0 and coalesce(uses_max, 0))
) with (fillfactor = 70);
create index promotion_codes_of_promotion on promotion_codes (promotion_id, code_key);

create table redemptions (
  order_id uuid not null,
  promotion_id uuid not null,
  code_key text,
  -- The same for all accounts and guests with one address, else the account; forgotten with the person.
  customer_key text,
  amount bigint not null,
  -- Whether it counts against the limits of the promotion.
  counted boolean not null,
  state text not null default 'held',
  primary key (order_id, promotion_id),
  constraint redemptions_state_known check (state in ('held', 'released')),
  constraint redemptions_amount_positive check (amount > 0)
);
create index redemptions_counted on redemptions (promotion_id, customer_key) where state = 'held' and counted;
create index redemptions_of_code on redemptions (code_key) where state = 'held' and code_key is not null;

alter table catalogue
  -- Null: not known; it stands alone.
  add column group_id uuid,
  -- Null: not known; empty: none.
  add column category text;
