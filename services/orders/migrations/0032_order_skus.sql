-- Orders by what was ordered, for staff who search by SKU. A row for each order and SKU, written with the order and never changed: an index
-- over the items would be written again with each change of the order.
create table order_skus (
  -- As it was when the order was placed.
  sku text not null,
  order_id uuid not null,
  primary key (sku, order_id)
);
insert into order_skus (sku, order_id)
select distinct line ->> 'sku', o.id from orders o, jsonb_array_elements(o.items) line where line ->> 'sku' is not null order by 1, 2;
