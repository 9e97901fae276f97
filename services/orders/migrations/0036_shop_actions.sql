-- What staff changed of promotions, tax and shipping, and what they did with returns, written in the transaction that did it.
create table shop_actions (
  id uuid primary key,
  at timestamptz not null,
  actor text not null,
  subject text not null,
  action text not null,
  subject_id text not null,
  label text not null
);
