-- What staff did is read by itself; nearly all lines are of orders.
create index concurrently movements_by_staff on movements (id) where actor like 'staff:%';
