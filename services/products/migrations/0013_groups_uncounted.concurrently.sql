-- Groups that are not counted as they are: those of before, and those that an older version of the service has written.
create index concurrently groups_uncounted on groups (id)
  where counted_in is distinct from case when active_count > 0 then coalesce(category, '') end;
