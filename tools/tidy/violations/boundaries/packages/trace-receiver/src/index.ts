export const name = 'trace-receiver';
