-- Products of some attribute or option.
create index concurrently products_by_facet on products using gin (facet_tokens(attributes, options)) where status = 'active';
