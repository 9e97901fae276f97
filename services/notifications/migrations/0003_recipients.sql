-- Whether an address is known to be its owner's, how many messages it has got, and why a message did not leave.

alter table contacts
  -- The version of the person that told the address: an older one that comes later does not change it.
  add column email_version integer not null default 0,
  add column email_verified boolean not null default false;
update contacts set email_version = user_version;

alter table notifications
  -- Of the order, as people know it; null where no event has said it yet.
  add column order_number text,
  -- A stable code for customers; `failure` is for staff.
  add column failure_code text;

-- Messages to one recipient on one day (UTC), whatever the account. The address is kept as a digest, for two days.
create table recipient_days (
  day date not null,
  kind text not null constraint kind_known check (kind in ('account', 'order')),
  recipient_digest bytea not null,
  messages integer not null,
  primary key (day, kind, recipient_digest)
);

-- What retention looks for: texts and addresses, and rows no order needs.
create index notifications_to_forget on notifications (created_at) where body <> '' or order_id is null;
