import '@souk/console';
