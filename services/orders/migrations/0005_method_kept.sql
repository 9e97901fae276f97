-- After a restore a payment that payments has lost is asked for once more: the method is kept while the order waits, and for some
-- time after it was paid, as long as the copies of the databases may lie apart.
alter table orders drop constraint orders_method_only_while_pending;
alter table orders add constraint orders_pending_has_method check (status <> 'pending' or payment_method is not null);
