import '@souk/local-servers';
