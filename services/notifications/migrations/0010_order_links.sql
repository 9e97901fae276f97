-- How many links to an order were mailed within an hour.
create table order_link_counts (
  order_id uuid primary key,
  links integer not null,
  ends_at timestamptz not null
) with (fillfactor = 70);
create index order_link_counts_ends_at on order_link_counts (ends_at);
