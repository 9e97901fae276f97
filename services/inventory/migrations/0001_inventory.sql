-- Stock, what of it is promised to orders, and the ledger of everything that ever changed it.

-- Every order touches these rows, so nothing but the primary key is indexed and pages keep room for the next version of a row:
-- an update then writes no index at all.
create table stock (
  product_id uuid primary key,
  on_hand integer not null,
  reserved integer not null,
  -- Grows by one with each change.
  stock_version integer not null,
  -- Whether the opening stock has been counted; it counts once.
  opened boolean not null,
  -- The last change that was announced to other services, and what was available then.
  published_version integer not null,
  published_available integer not null,
  published_at timestamptz,
  -- Kind of the only movement since then, or `several`; means nothing once the change is announced.
  change_reason text not null,
  updated_at timestamptz not null,
  constraint reserved_within_on_hand check (0 <= reserved and reserved <= on_hand),
  constraint on_hand_within_limit check (on_hand <= 1000000000),
  constraint published_not_ahead check (published_version <= stock_version)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);

-- One row for each order, whatever became of it: its primary key is what makes every message about an order count once.
create table reservations (
  order_id uuid primary key,
  status text not null,
  items jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint reservation_status_known check (status in ('held', 'released', 'shipped', 'rejected', 'tombstone'))
) with (fillfactor = 85);

-- The ledger. The product comes first in the key, so that the one index serves the history of a product and the audit.
create table movements (
  id uuid not null,
  product_id uuid not null,
  kind text not null,
  on_hand_change integer not null,
  reserved_change integer not null,
  order_id uuid,
  reason text,
  actor text not null,
  created_at timestamptz not null,
  primary key (product_id, id),
  constraint movement_kind_known check (kind in ('received', 'reserved', 'released', 'shipped', 'adjusted')),
  constraint movement_moves_something check (on_hand_change <> 0 or reserved_change <> 0)
);

create function refuse_ledger_change() returns trigger language plpgsql as $$
begin
  raise exception 'movements are never changed or removed: write a movement that corrects them';
end $$;
-- For each statement and not for inserts: the ledger stays append-only at no cost for those who append.
create trigger movements_append_only before update or delete or truncate on movements
  for each statement execute function refuse_ledger_change();
