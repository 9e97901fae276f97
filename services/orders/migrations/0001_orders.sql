-- Orders, what happened to them, and the service's own copy of the catalogue. Amounts are minor units.

create sequence order_numbers start 10001;

create table orders (
  id uuid primary key,
  order_number text not null default 'S-' || nextval('order_numbers'),
  user_id uuid not null,
  status text not null,
  items jsonb not null,
  total_amount bigint not null,
  currency text not null,
  -- Null once the customer was erased.
  shipping_address jsonb,
  -- Kept until the payment is asked for, then forgotten.
  payment_method text,
  cancel_reason text,
  carrier text,
  tracking_number text,
  version integer not null,
  deadline_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint orders_status_known check (status in ('pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed', 'cancelled')),
  constraint orders_waiting_has_deadline check ((status in ('pending', 'awaiting_payment')) = (deadline_at is not null)),
  constraint orders_cancelled_has_reason check ((status = 'cancelled') = (cancel_reason is not null)),
  constraint orders_method_only_while_pending check ((status = 'pending') = (payment_method is not null)),
  constraint orders_shipped_has_parcel check (status not in ('shipped', 'completed') or (carrier is not null and tracking_number is not null)),
  constraint orders_total_in_range check (total_amount between 0 and 1000000000000)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
-- Ids are made in order of time: newest first is by id, for one customer and for one status (which the deadlines use too).
create index orders_by_user on orders (user_id, id);
create index orders_by_status on orders (status, id);

create table order_history (
  order_id uuid not null,
  version integer not null,
  "from" text,
  "to" text not null,
  at timestamptz not null,
  cause text not null,
  cause_id text,
  actor text not null,
  note text,
  -- What a note is about (a refund, a late payment): the same is noted once, whatever is delivered again.
  note_key text
) with (autovacuum_vacuum_insert_scale_factor = 0.1);
create index order_history_by_order on order_history (order_id, version);
create unique index order_history_notes_once on order_history (order_id, note_key) where note_key is not null;

create table catalogue (
  product_id uuid primary key,
  product_version integer not null,
  -- Null while only the archiving was heard of.
  sku text,
  name text,
  price bigint,
  currency text,
  status text not null,
  constraint catalogue_status_known check (status in ('active', 'archived')),
  constraint catalogue_price_in_range check (price between 0 and 1000000000000),
  constraint catalogue_active_is_complete check (
    status = 'archived' or (sku is not null and name is not null and price is not null and currency is not null)
  )
) with (fillfactor = 90);

-- Tombstones: orders that come or end after the erasure of their customer are handled all the same.
create table erased_users (
  user_id uuid primary key,
  erased_at timestamptz not null,
  cause jsonb not null,
  -- Set when nothing personal is left and nothing can come any more.
  finished_at timestamptz
);
create index erased_users_unfinished on erased_users (user_id) where finished_at is null;
