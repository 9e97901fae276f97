-- What imported files said of stock. The primary key makes each count once for each import and product, however often its message comes.
create table stated_stock (
  import_id uuid not null,
  product_id uuid not null,
  mode text not null constraint stated_mode_known check (mode in ('add', 'set')),
  quantity integer not null,
  -- Null until the transaction that claims it has decided.
  outcome text constraint stated_outcome_known check (outcome in ('applied', 'stale', 'below_reserved', 'too_large')),
  created_at timestamptz not null,
  primary key (import_id, product_id)
);
