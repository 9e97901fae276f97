export const place = (order) => order;
