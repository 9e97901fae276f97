-- The idempotency key an order was placed under, and whose key it was: the key itself is forgotten after a while, and the
-- auditor has to see that one key never made two orders. Null for orders without a key and for those from before.
alter table orders
  add column placed_by uuid,
  add column idempotency_key text;
update orders o set placed_by = k.user_id, idempotency_key = k.key from idempotency_keys k where k.resource_id = o.id;
create index idempotency_keys_by_resource on idempotency_keys (resource_id) where resource_id is not null;
