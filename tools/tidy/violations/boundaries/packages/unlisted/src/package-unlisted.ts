import '@souk/messaging';
