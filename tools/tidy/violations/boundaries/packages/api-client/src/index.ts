export const name = 'api-client';
