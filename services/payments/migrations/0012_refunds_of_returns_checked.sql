alter table refunds validate constraint refunds_kind_known;
