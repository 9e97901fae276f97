export function first(left: number, right: number): number {
  return left;
}
