-- A kept answer is given again with its members in the order in which they were given first; jsonb would sort them.
alter table idempotency_keys alter column answer type json using answer::json;
