export const picture = 0;
