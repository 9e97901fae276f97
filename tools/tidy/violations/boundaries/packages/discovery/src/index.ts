export const name = 'discovery';
