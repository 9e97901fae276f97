import '@souk/backup';
