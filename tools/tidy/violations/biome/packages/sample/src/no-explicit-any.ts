export const order: any = {};
