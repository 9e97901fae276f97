export const world = 0;
