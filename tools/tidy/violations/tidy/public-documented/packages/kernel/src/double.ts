const two = 2;

export function double(amount: number): number {
  return amount * two;
}
