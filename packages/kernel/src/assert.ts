/** Thrown when the program itself is wrong; never caught to go on. */
export class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed';
}

/** States what must hold for the program to be right. For refusals of a caller use `AppError`. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}

/** The value, which the program knows to be there. */
export function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new AssertionFailed(`${what} is missing`);
  return value;
}

/** Closes a switch over a union: compiles only while every member is handled. */
export function unreachable(value: never): never {
  throw new AssertionFailed(`unreachable: ${JSON.stringify(value)}`);
}
