-- What orders tax a product as, and what one piece weighs. Null: standard, and not known.
alter table products
  add column tax_class text,
  add column weight_g integer,
  add constraint products_weight_in_range check (weight_g between 0 and 1000000) not valid;
