-- Staff are few among very many customers.
create index concurrently accounts_staff on accounts (id) where role <> 'customer' and erased_at is null;
