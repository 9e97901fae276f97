-- Products whose group was made with another version of them.
create index concurrently products_without_group on products (id) where grouped_version <> version;
