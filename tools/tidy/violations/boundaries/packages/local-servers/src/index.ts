export const name = 'local-servers';
