-- The trace in which a message is sent, whenever that is; null where the trace is not recorded.
alter table notifications add column traceparent text;
