-- Imports that go on by themselves. The file is kept in pieces until its import has ended: any instance can carry on.

create table imports (
  id uuid primary key,
  -- receiving: the file is still arriving, and nothing is done.
  state text not null constraint import_state_known check (state in ('receiving', 'waiting', 'running', 'done', 'failed', 'cancelled')),
  stock text not null constraint import_stock_known check (stock in ('ignore', 'add', 'set')),
  dry_run boolean not null,
  ignore_unknown boolean not null,
  -- Who started it, for the events.
  cause jsonb not null,
  -- Rows of the file that are done, in its order: what is done is never done again.
  rows_done integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  refused integer not null default 0,
  stock_stated integer not null default 0,
  stock_refused integer not null default 0,
  ignored_columns text[] not null default '{}',
  detail text,
  -- Which process carries it on, and until when the others leave it alone.
  lease_id uuid,
  lease_until timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz
);
create index imports_under_way on imports (id) where state in ('receiving', 'waiting', 'running');
create index imports_by_age on imports (created_at);

create table import_pieces (
  import_id uuid not null,
  number integer not null,
  bytes bytea not null,
  primary key (import_id, number)
);

create table import_refusals (
  import_id uuid not null,
  line integer not null,
  handle text,
  reason text not null
);
create index refusals_of_import on import_refusals (import_id, line);

-- What an import said of the stock of a product: once, whatever is done again.
create table import_statements (
  import_id uuid not null,
  product_id uuid not null,
  line integer not null,
  handle text,
  is_refused boolean not null default false,
  primary key (import_id, product_id)
);
