-- What staff did to accounts of others and to API keys: ids and constants, nothing personal. Rows are removed after a year.
create table staff_actions (
  id uuid primary key,
  at timestamptz not null,
  by uuid not null,
  action text not null,
  user_id uuid not null,
  object text
);
create index staff_actions_by on staff_actions (by, id);
create index staff_actions_at on staff_actions (at);
