-- Queues that were called otherwise keep their messages; what is bound to them is declared anew at the start of each process.
update queue set name = renamed.name
from (values
  ('notifications.tell-customer', 'notifications.notify-customer'),
  ('payments.take-payment', 'payments.create-payment'),
  ('payments.return-money', 'payments.refund-payment')
) as renamed (former, name)
where queue.name = renamed.former and not exists (select from queue other where other.name = renamed.name);
