-- Groups with a variant of some attribute or option.
create index concurrently groups_by_facet on groups using gin (facets) where active_count > 0;
