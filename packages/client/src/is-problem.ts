import type { CodeOf, UnknownCode } from './call-types.ts';
import type { OperationName } from './operation-types.ts';
import { ProblemError } from './problem-error.ts';

/**
 * Whether something that was thrown is a refusal; with a name, one of that operation, whose codes the compiler then knows:
 * `if (isProblem(error, 'placeOrder') && error.code === 'total_changed')`.
 */
export function isProblem(error: unknown): error is ProblemError;
export function isProblem<Name extends OperationName>(error: unknown, operation: Name): error is ProblemError<CodeOf<Name> | UnknownCode>;
export function isProblem(error: unknown, operation?: string): boolean {
  return error instanceof ProblemError && (operation === undefined || error.operation === operation);
}
