-- Money that a bank takes back from the shop, and refunds that come back. Checks of tables with rows are made valid by 0015, which blocks nobody.
create table disputes (
  id uuid primary key,
  provider text not null,
  -- The dispute as the provider names it.
  reference text not null,
  -- Null where it is about no payment that is known here.
  payment_id uuid,
  -- `reported`: the provider was not asked about it yet. `inquiry`, `closed`: a question of the bank, which takes no money.
  state text not null
    constraint disputes_state_known check (state in ('reported', 'inquiry', 'closed', 'open', 'won', 'lost')),
  amount bigint not null default 0,
  currency text not null default '',
  reason text not null default '',
  evidence_due_at timestamptz,
  opened_at timestamptz,
  attempts integer not null default 0,
  -- When the provider is asked about it next; null when it has ended, and nothing was reported of it since.
  due_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint disputes_kept_once unique (provider, reference),
  constraint disputes_read_with_amount check (state = 'reported' or (amount > 0 and currency <> '' and opened_at is not null)),
  constraint disputes_due_until_ended check (due_at is not null or state in ('closed', 'won', 'lost'))
);
create index disputes_by_payment on disputes (payment_id);
create index disputes_due on disputes (due_at) where due_at is not null;

-- Up to when it is known what each provider has reported, and when it was asked last.
create table provider_reports (
  provider text primary key,
  read_until timestamptz not null,
  asked_at timestamptz not null
);

-- What disputes hold back or took for good. A bank may take back more than is left of the payment, so nothing bounds it from above.
alter table payments add column disputed bigint not null default 0;
alter table payments add constraint payments_disputed_not_negative check (disputed >= 0) not valid;

-- Beside `provider` and `sales`: `disputed` is what banks hold back, `losses` what they took, `bank` what the shop gave back by itself.
-- Booked once of each kind from here on; the unique index follows in 0014, and until then the states of refunds and disputes keep it.
alter table transfers add column dispute_id uuid, add column kind text not null default 'booked';
alter table transfers drop constraint transfers_booked_once;
alter table transfers add constraint transfers_kind_known
  check (kind in ('booked', 'failed', 'by_hand', 'disputed', 'won', 'lost')) not valid;

-- `failed`: the provider could not give it back, or it came back after that. `by_hand`: staff gave it back by other means.
alter table refunds add column failed_from text, add column failure_code text, add column retried_as uuid, add column first_id uuid;
alter table refunds drop constraint refunds_status_known, drop constraint refunds_kind_known, drop constraint refunds_due_until_done;
alter table refunds
  add constraint refunds_status_known check (status in ('pending', 'done', 'failed', 'by_hand')) not valid,
  add constraint refunds_kind_known check (kind in ('cancellation', 'staff', 'return', 'retry', 'dispute')) not valid,
  -- One that is done is due where the provider is to be asked whether it came back.
  add constraint refunds_due_while_pending check (case status when 'pending' then due_at is not null when 'done' then true else due_at is null end) not valid,
  add constraint refunds_failed_from_something check (
    (status in ('failed', 'by_hand')) = (failure_code is not null)
    and (failure_code is not null) = (coalesce(failed_from, '') in ('pending', 'done'))
  ) not valid,
  add constraint refunds_retried_after_failure check (retried_as is null or status = 'failed') not valid;

alter table sandbox.charges add column refunds_fail boolean not null default false;
alter table sandbox.refunds add column fails_at timestamptz, add column failed boolean not null default false;
create index refunds_to_fail on sandbox.refunds (fails_at) where fails_at is not null;
create table sandbox.disputes (
  reference text primary key,
  charge_key uuid not null,
  amount bigint not null constraint disputes_amount_positive check (amount > 0),
  currency text not null,
  state text not null constraint disputes_state_known check (state in ('open', 'won', 'lost')),
  -- How it ends, and when; null for one that stays open.
  ends_as text,
  ends_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index disputes_by_charge on sandbox.disputes (charge_key);
create index disputes_by_change on sandbox.disputes (updated_at);
create index disputes_to_end on sandbox.disputes (ends_at) where state = 'open';
