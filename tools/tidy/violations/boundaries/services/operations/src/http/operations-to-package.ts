import '@souk/client';
