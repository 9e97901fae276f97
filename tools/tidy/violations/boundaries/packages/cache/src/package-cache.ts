import '@souk/discovery';
