-- The public halves of signing keys that are gone: no access token is verified with them any more, receipts they signed are.
create table receipt_keys (
  kid text primary key,
  public_x text not null,
  active_from timestamptz not null,
  retired_at timestamptz not null
);
