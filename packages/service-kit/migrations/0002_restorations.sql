-- From which backups this database was filled, and since when changes are to be published once more. A restore makes the table
-- before the migrations that the backup was taken under.
create table if not exists restorations (
  backup_id uuid primary key,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  republish_since timestamptz,
  republished_at timestamptz
);
