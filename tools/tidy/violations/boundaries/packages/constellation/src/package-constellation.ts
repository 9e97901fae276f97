import '@souk/unlisted';
