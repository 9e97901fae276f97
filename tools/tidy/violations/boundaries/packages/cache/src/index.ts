export const name = 'cache';
