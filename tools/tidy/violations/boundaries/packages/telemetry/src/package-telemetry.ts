import '@souk/postgres';
