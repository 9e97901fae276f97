-- What an order that awaits its payment asks of its customer: the payment, and when the page of the payment provider closes.
alter table orders add column payment_action jsonb;
