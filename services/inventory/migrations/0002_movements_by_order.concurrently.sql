-- What the ledger says of one order: the auditor holds it against the order's reservation.
create index concurrently movements_by_order on movements (order_id) where order_id is not null;
