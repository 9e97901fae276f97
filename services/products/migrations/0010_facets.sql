-- Filters and facets by what products say of themselves, and categories as a tree.

-- Each attribute and option with its value as one text, which an index finds. A name holds no control characters, so the separator belongs
-- to neither side.
create function facet_tokens(attributes jsonb, options jsonb) returns text[]
language sql immutable parallel safe cost 200
as $$
  select array(
    select 'attribute.' || a.key || chr(31) || a.value from jsonb_each_text(attributes) a where a.value <> ''
    union
    select 'option.' || o.key || chr(31) || o.value from jsonb_each_text(options) o where o.value <> ''
  )
$$;

-- What is counted of a group: itself, each name that it has something under, and each value of it.
create function facet_entries(tokens text[]) returns table (name text, value text)
language sql immutable parallel safe
as $$
  select '', ''
  union select split_part(token, chr(31), 1), '' from unnest(tokens) as token
  union select split_part(token, chr(31), 1), substr(token, strpos(token, chr(31)) + 1) from unnest(tokens) as token
$$;

alter table groups
  -- Of all active variants. Null where no version of the service that knows of them has written the group.
  add column facets text[],
  -- The category, as products name it, under which the group is counted; empty: under none; null: it is not counted.
  add column counted_in text;

-- A tree. Products name their category by a label: the name that it has or had, or its handle.
create table categories (
  id uuid primary key,
  handle text collate "C" not null constraint category_handle_taken unique,
  name text not null,
  parent_id uuid,
  -- From the root to itself.
  path uuid[] not null constraint category_depth check (cardinality(path) between 1 and 6),
  -- Among its siblings.
  position integer not null,
  -- Names whose values are counted, such as option.size; null: those of its parent, else those that most groups have.
  facet_names text[],
  version integer not null
);
create index categories_of_path on categories using gin (path);

create table category_labels (
  label text collate "C" primary key,
  category_id uuid not null
);
create index labels_of_category on category_labels (category_id);

-- How many listed groups a category has, with what is below it, and how many of them have a name or a value. An empty name counts the
-- groups themselves, an empty value those that have the name; the nil id stands for the whole catalogue.
create table facet_counts (
  category_id uuid not null,
  name text collate "C" not null,
  value text collate "C" not null,
  group_count bigint not null,
  primary key (category_id, name, value)
) with (fillfactor = 70);
create index facet_counts_by_use on facet_counts (category_id, name, group_count desc);
create index facet_names_by_use on facet_counts (category_id, group_count desc) where value = '';

-- Categories that products name already; groups are counted by a job.
with named as (
  select name, gen_random_uuid() as id, row_number() over (order by name) as position,
    coalesce(nullif(trim(both '-' from left(regexp_replace(lower(name), '[^[:alnum:]]+', '-', 'g'), 80)), ''), 'category') as base
  from category_counts
), numbered as (
  select *, row_number() over (partition by base order by position) as number from named
), handled as (
  select *, case when number = 1 and not exists (select from named other where other.name = numbered.base and other.id <> numbered.id)
    then base else base || '-' || replace(id::text, '-', '') end as handle
  from numbered
), made as (
  insert into categories (id, handle, name, parent_id, path, position, version)
  select id, handle, name, null, array[id], position, 1 from handled
)
insert into category_labels (label, category_id)
select name, id from handled union select handle, id from handled;
