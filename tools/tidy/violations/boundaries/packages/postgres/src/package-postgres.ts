import '@souk/cache';
