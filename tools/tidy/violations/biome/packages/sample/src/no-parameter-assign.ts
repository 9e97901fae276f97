export function double(amount: number): number {
  amount = amount * 2;
  return amount;
}
