-- People whose accounts were erased: a dead letter about one of them may arrive after the erasure.
create table erased_people (
  user_id uuid primary key,
  erased_at timestamptz not null default clock_timestamp()
);

-- When body and detail were blanked because the person was erased; such a letter cannot be replayed.
alter table dead_letters add column erased_at timestamptz;
create index dead_letters_by_age on dead_letters (died_at);
