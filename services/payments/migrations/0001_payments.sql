-- Money: one payment for each order, what was given back of it, and the double-entry ledger of both.

create table payments (
  -- Derived from the order, so that two requests for the same order can never become two payments.
  id uuid primary key,
  order_id uuid not null constraint payments_one_for_each_order unique,
  user_id uuid not null,
  amount bigint not null constraint payments_amount_not_negative check (amount >= 0),
  currency text not null,
  payment_method text not null,
  status text not null
    constraint payments_status_known check (status in ('requested', 'charging', 'captured', 'declined', 'unknown')),
  decline_code text,
  captured bigint not null default 0,
  refunded bigint not null default 0,
  -- Promised to be given back, not confirmed by the provider yet.
  refunding bigint not null default 0,
  provider text not null,
  provider_reference text,
  -- Set when the order was cancelled: whatever is captured from then on is given back.
  cancel_reason text,
  attempts integer not null default 0,
  -- When somebody has to look at it: at once for a requested one, at the end of the lease for one being charged,
  -- at the next question for an unknown one; null when it has ended.
  due_at timestamptz,
  -- Why it happens: goes into the events about it.
  cause json not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint payments_refunded_within_captured check (0 <= refunded and refunded <= captured),
  constraint payments_refunding_within_captured check (0 <= refunding and refunded + refunding <= captured),
  constraint payments_captured_whole_or_not_at_all check (captured = case when status = 'captured' then amount else 0 end),
  constraint payments_declined_with_a_code check ((status = 'declined') = (decline_code is not null)),
  constraint payments_due_until_ended check ((due_at is null) = (status in ('captured', 'declined')))
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);
create index payments_due on payments (due_at) where due_at is not null;
-- Ids of orders grow with time, so the order of this index is newest last.
create index payments_by_user on payments (user_id, order_id);

create table refunds (
  -- Also the idempotency key at the provider; derived from the payment for the refund of a cancellation.
  id uuid primary key,
  payment_id uuid not null,
  kind text not null constraint refunds_kind_known check (kind in ('cancellation', 'staff')),
  amount bigint not null constraint refunds_amount_positive check (amount > 0),
  currency text not null,
  reason text not null,
  status text not null constraint refunds_status_known check (status in ('pending', 'done')),
  attempts integer not null default 0,
  due_at timestamptz,
  cause json not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint refunds_due_until_done check ((due_at is null) = (status = 'done'))
) with (fillfactor = 85);
create index refunds_by_payment on refunds (payment_id);
create index refunds_due on refunds (due_at) where due_at is not null;
create unique index refunds_one_for_each_cancellation on refunds (payment_id) where kind = 'cancellation';

-- The ledger: one row moves an amount from the credited to the debited account, so it balances by construction.
-- `provider` is what the provider holds for the shop, `sales` what customers have paid. Rows are never changed.
create table transfers (
  debit_account text not null,
  credit_account text not null,
  amount bigint not null constraint transfers_amount_positive check (amount > 0),
  currency text not null,
  payment_id uuid not null,
  -- Null for the capture of the payment.
  refund_id uuid,
  created_at timestamptz not null,
  constraint transfers_between_two_accounts check (debit_account <> credit_account),
  constraint transfers_booked_once unique nulls not distinct (payment_id, refund_id)
);

-- Orders that were cancelled before their payment was asked for. Kept as long as orders are: the request may come late.
create table cancelled_orders (
  order_id uuid primary key,
  reason text not null,
  cancelled_at timestamptz not null
);
