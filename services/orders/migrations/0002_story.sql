-- The story an order belongs to, for what happens to it though nobody asks: a deadline that passes is published in the same story
-- and the same trace as the order itself. Null for orders from before.
alter table orders
  add column correlation_id uuid,
  -- As the client sent it, where that was no UUID.
  add column correlation text,
  -- W3C trace context, of orders whose trace is recorded.
  add column traceparent text;
