-- Tabs of one browser renew a session at the same moment: for a while the token before the newest is answered with the newest, which is
-- derived from session and generation. An older version of the service renews with a token of its own making: then the derived one is not
-- the newest, and nothing is answered again.
alter table sessions
  -- How often the session was renewed.
  add column generation integer not null default 0,
  -- SHA-256 of the refresh token before the newest.
  add column previous_hash bytea;
