export const order: { note?: string } = { note: undefined };
