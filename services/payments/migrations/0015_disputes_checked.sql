alter table payments validate constraint payments_disputed_not_negative;
alter table transfers validate constraint transfers_kind_known;
alter table refunds validate constraint refunds_status_known;
alter table refunds validate constraint refunds_kind_known;
alter table refunds validate constraint refunds_due_while_pending;
alter table refunds validate constraint refunds_failed_from_something;
alter table refunds validate constraint refunds_retried_after_failure;
