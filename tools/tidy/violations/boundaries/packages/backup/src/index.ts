export const name = 'backup';
