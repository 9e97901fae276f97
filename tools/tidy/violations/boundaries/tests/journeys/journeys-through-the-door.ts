import '@souk/orders';
