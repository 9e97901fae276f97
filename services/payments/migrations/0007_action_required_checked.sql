alter table payments validate constraint payments_status_known;
alter table payments validate constraint payments_action_has_page;
alter table sandbox.charges validate constraint charges_status_known;
alter table sandbox.charges validate constraint charges_action_has_an_end;
