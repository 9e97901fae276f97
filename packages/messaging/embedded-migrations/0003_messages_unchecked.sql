-- Each message was looked up in its queue once more when it was written, although the same statement had read the queue. Queues are never deleted.
alter table message drop constraint message_queue_id_fkey;
