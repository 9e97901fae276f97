import '@souk/contracts';
