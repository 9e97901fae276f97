export const name = 'service-kit';
