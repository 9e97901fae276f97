import '@souk/service-kit';
