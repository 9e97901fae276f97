import '@souk/auditor';
