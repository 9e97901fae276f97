-- Messages to people, made from events only: whom to reach, and what was sent.

create table contacts (
  user_id uuid primary key,
  user_version integer not null,
  -- Null once the person was erased.
  email text,
  full_name text,
  phone text,
  erased boolean not null default false
);

create table notifications (
  id uuid primary key,
  event_id uuid not null,
  event_type text not null,
  user_id uuid not null,
  order_id uuid,
  channel text not null constraint channel_known check (channel in ('email', 'sms')),
  recipient text not null,
  subject text,
  body text not null,
  -- What a message needs at the moment it is sent and that is not kept: the token whose secret is fetched then.
  token_id uuid,
  status text not null constraint status_known check (status in ('pending', 'sent', 'failed', 'suppressed')),
  attempts integer not null default 0,
  failure text,
  -- Until then a worker is sending it, or it waits for its next attempt.
  next_attempt_at timestamptz not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint one_message_for_each_event_channel_recipient unique (event_id, channel, recipient)
) with (fillfactor = 80);
create index notifications_of_user on notifications (user_id, id desc);
create index notifications_of_order on notifications (order_id) where order_id is not null;
create index notifications_to_send on notifications (next_attempt_at) where status = 'pending';
