import '@souk/payments';
