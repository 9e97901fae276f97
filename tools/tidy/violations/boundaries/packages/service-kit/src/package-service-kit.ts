import '@souk/constellation';
