-- The record of the built-in sandbox provider: what it charged and gave back by its own account. Souk never reads it
-- to decide anything, and never writes it in a transaction of its own; audits compare it with the payments.
create schema sandbox;

create table sandbox.charges (
  idempotency_key uuid primary key,
  reference uuid not null,
  amount bigint not null constraint charges_amount_not_negative check (amount >= 0),
  currency text not null,
  -- `failed`: broke down once before it did anything, as `tok_error_once` asks for.
  status text not null constraint charges_status_known check (status in ('succeeded', 'declined', 'failed')),
  decline_code text,
  refunded bigint not null default 0,
  calls integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint charges_refunded_within_charged
    check (0 <= refunded and refunded <= case when status = 'succeeded' then amount else 0 end)
);
create index charges_by_reference on sandbox.charges (reference);

create table sandbox.refunds (
  idempotency_key uuid primary key,
  charge_key uuid not null,
  amount bigint not null constraint refunds_amount_positive check (amount > 0),
  created_at timestamptz not null default clock_timestamp()
);
