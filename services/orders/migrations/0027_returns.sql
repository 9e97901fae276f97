-- Goods that customers send back, and the money that goes back for them. Amounts are minor units.
create sequence return_numbers start 10001;

create table returns (
  id uuid primary key,
  number text not null default 'R-' || nextval('return_numbers'),
  order_id uuid not null,
  user_id uuid not null,
  state text not null,
  -- [{product_id, name, quantity, reason, restock, write_off, from}]; from: pieces of the product that were refunded before these.
  items jsonb not null,
  currency text not null,
  -- {refund_id, items_amount, shipping_amount, deduction, amount, reason} once money was asked for.
  refund jsonb,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint returns_state_known check (state in ('requested', 'approved', 'received', 'refunding', 'refunded', 'rejected', 'closed')),
  constraint returns_refund_is_there check (state not in ('refunding', 'refunded') or refund is not null)
);
create index returns_by_order on returns (order_id);
create index returns_by_user on returns (user_id, id);
