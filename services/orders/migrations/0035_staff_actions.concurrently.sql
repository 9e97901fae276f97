-- What staff did is read by itself; nearly all lines are of customers and of the system.
create index concurrently order_history_by_staff on order_history (sequence) where actor like 'staff:%';
