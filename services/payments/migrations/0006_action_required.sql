-- A payment whose customer has to do something on a page of the provider, until then. The checks are made valid by the next migration, which blocks nobody.
alter table payments add column action_url text, add column action_until timestamptz;
alter table payments drop constraint payments_status_known;
alter table payments add constraint payments_status_known
  check (status in ('requested', 'charging', 'action_required', 'captured', 'declined', 'unknown')) not valid;
alter table payments add constraint payments_action_has_page
  check (status <> 'action_required' or (action_url is not null and action_until is not null)) not valid;

alter table sandbox.charges add column action_until timestamptz;
alter table sandbox.charges drop constraint charges_status_known;
alter table sandbox.charges add constraint charges_status_known
  check (status in ('succeeded', 'declined', 'failed', 'action_required')) not valid;
alter table sandbox.charges add constraint charges_action_has_an_end check (status <> 'action_required' or action_until is not null) not valid;
