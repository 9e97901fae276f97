-- States of which the customer was notified, in the order in which they came. Returns from before were never written about.
alter table returns add column announced text[] not null default '{}';
