alter table orders validate constraint orders_unsent_in_range;
alter table orders validate constraint orders_completed_is_sent;
