import '@souk/api-client';
