-- What of a reservation has left in parcels: [{parcel_id, product_id, quantity}]. Null where nothing has, or all of it as a whole.
alter table reservations add column shipped_items jsonb;
-- The parcel by which pieces left; null where an order was sent as a whole, and of other movements.
alter table movements add column source_id uuid;
