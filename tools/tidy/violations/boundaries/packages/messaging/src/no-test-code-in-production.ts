import '@souk/postgres/testing';
