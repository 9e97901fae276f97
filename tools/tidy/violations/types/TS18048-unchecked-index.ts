export const first = (items: string[]): number => {
  const item = items[0];
  return item.length;
};
