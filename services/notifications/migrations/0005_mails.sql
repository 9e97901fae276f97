-- The HTML part of a mail, where mail leaves the house, and the language it is written in; null in messages from before.
alter table notifications add column html text, add column locale text;
