create table gifts (
  id uuid primary key,
  person text not null,
  amount bigint not null
);
