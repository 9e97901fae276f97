import type { UsersContext } from '../context.ts';

/** The hash of a new password, when it is its turn; refuses with `overloaded`. Never within a transaction. */
export function hashPassword(ctx: UsersContext, password: string): Promise<string> {
  return ctx.hashing.run(() => ctx.passwords.hash(password));
}
