export const consumer = { queue: 'inventory.take-stock' };
