export const name = 'constellation';
