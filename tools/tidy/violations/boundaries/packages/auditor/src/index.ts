export const name = 'auditor';
