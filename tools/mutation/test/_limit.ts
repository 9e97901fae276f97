/** What the tests of the runner are about: three decisions, of which `_limit-cases.ts` looks at two. */

export function isWithin(count: number, limit: number): boolean {
  return count <= limit;
}

/** Nothing holds what it answers, so that a change of it survives. */
export function label(count: number): string {
  return count === 1 ? 'one' : 'many';
}

export function countDown(from: number): number {
  let steps = 0;
  while (from - steps > 0) steps += 1;
  return steps;
}
