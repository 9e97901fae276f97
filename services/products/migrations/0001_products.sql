-- The catalogue, its stock as inventory tells it, and what search needs.

-- Trusted since PostgreSQL 13: the owner of the database may create it.
create extension if not exists pg_trgm;

create table products (
  id uuid primary key,
  sku text not null constraint sku_taken unique,
  name text not null,
  description text not null,
  -- Minor units of the currency.
  price bigint not null constraint price_in_range check (price between 0 and 1000000000000),
  currency text not null,
  category text,
  image_url text,
  attributes jsonb not null,
  group_id uuid,
  options jsonb not null,
  status text not null constraint status_known check (status in ('active', 'archived')),
  version integer not null constraint version_counts_from_one check (version >= 1),
  -- Where an import found it, and the status that file gave it: only a file that says something else changes the status.
  handle text,
  import_status text,
  -- The name in lower case without accents: lists by name sort alike on every server.
  sort_name text collate "C" not null,
  document tsvector not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- Ids are UUIDs of version 7, so the order of ids is the order of creation: the newest need no column of their own.
create index products_newest on products (id) where status = 'active';
create index products_by_price on products (price, id) where status = 'active';
create index products_by_name on products (sort_name, id) where status = 'active';
create index products_newest_of_category on products (category, id) where status = 'active';
create index products_of_category_by_price on products (category, price, id) where status = 'active';
create index products_of_category_by_name on products (category, sort_name, id) where status = 'active';
create index products_of_group on products (group_id) where group_id is not null;
create index products_document on products using gin (document);
create index products_named on products using gin (ts_filter(document, '{a}'));

-- Apart from the product, because it changes with every sale: a narrow row, updated in place.
create table product_stock (
  product_id uuid primary key,
  stock_quantity bigint not null constraint stock_not_negative check (stock_quantity >= 0),
  stock_version bigint not null
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- How many active products each category has; kept by whoever changes them, in the same transaction.
create table category_counts (
  name text collate "C" primary key,
  product_count bigint not null
) with (fillfactor = 70);

-- Every word the catalogue uses: what a mistyped word is corrected to.
create table search_words (
  word text collate "C" primary key
);
create index search_words_alike on search_words using gin (word gin_trgm_ops);

-- Words that look alike, the most alike first. A function, because the threshold is a setting and belongs to this
-- question only.
create function words_alike(typed text, words_max integer) returns setof text
language sql stable
set pg_trgm.similarity_threshold = 0.15
as $$
  select word from search_words
  where word % typed and length(word) between length(typed) - 2 and length(typed) + 2
  order by similarity(word, typed) desc, word
  limit words_max
$$;

-- What has been done once and for all, such as loading the sample catalogue.
create table catalogue_marks (
  mark text primary key,
  marked_at timestamptz not null
);
