/**
 * The price of nothing.
 * @returns zero
 */
export const price = (): number => 0;
