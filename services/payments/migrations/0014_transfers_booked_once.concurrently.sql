-- A capture, and each step of a refund or dispute, is booked once.
create unique index concurrently transfers_booked_once on transfers (payment_id, refund_id, dispute_id, kind) nulls not distinct;
