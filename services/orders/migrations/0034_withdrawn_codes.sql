-- From then on a code is refused; what was granted by it stays.
alter table promotion_codes add column withdrawn_at timestamptz;
