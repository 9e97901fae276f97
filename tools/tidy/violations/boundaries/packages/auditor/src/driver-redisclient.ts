import '@redis/client';
