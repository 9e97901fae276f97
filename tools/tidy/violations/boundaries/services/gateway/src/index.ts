export const name = 'gateway';
