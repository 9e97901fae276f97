-- Pictures that staff upload: what is stored of each, and which product shows them in which order with which text.

create table media (
  -- SHA-256 of the picture as it was uploaded, in hexadecimal.
  hash text collate "C" primary key,
  width integer not null,
  height integer not null,
  -- When it was last uploaded: what no product shows is kept for some days after that.
  used_at timestamptz not null
);
create index media_by_use on media (used_at);

alter table products add column images jsonb not null default '[]';
