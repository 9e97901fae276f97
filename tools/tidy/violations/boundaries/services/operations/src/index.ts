export const name = 'operations';
