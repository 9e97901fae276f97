-- How orders are sent: in one or more parcels. An order that was shipped before has none here and is shown with one that holds everything.
create table parcels (
  id uuid primary key,
  order_id uuid not null,
  number integer not null,
  -- [{product_id, name, quantity}], each product once.
  items jsonb not null,
  carrier text not null,
  tracking_number text not null,
  tracking_url text,
  -- Null: the order was shipped before parcels were kept.
  sent_at timestamptz,
  delivered_at timestamptz,
  constraint parcels_number_once unique (order_id, number)
);

-- Pieces that are still to be sent once the first parcel has left. Null before that, and of orders that were shipped as a whole.
alter table orders add column unsent_pieces integer;
alter table orders add constraint orders_unsent_in_range check (unsent_pieces >= 0) not valid;
alter table orders add constraint orders_completed_is_sent check (status <> 'completed' or unsent_pieces is null or unsent_pieces = 0) not valid;
