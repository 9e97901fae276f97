/** Errors of the graph: each with the code that the same refusal has elsewhere; a fault of ours is logged and says nothing of itself. */
import { errorEntry, errorTable, type GraphqlError } from '@souk/contracts';
import { AppError, type Log } from '@souk/kernel';
import { GraphQLError } from 'graphql';

/** One part that failed fails for each object of a list; more than this many say nothing new. */
const errorsMax = 50;

export interface ErrorContext {
  log: Log;
  correlation_id: string;
  /** Code of what the document or its variables are refused with. */
  code: 'graphql_invalid' | 'validation_failed';
}

export function presentErrors(errors: readonly unknown[], context: ErrorContext): GraphqlError[] {
  return errors.slice(0, errorsMax).map((error) => presentError(error, context));
}

function presentError(error: unknown, { log, correlation_id, code }: ErrorContext): GraphqlError {
  const { locations, path } = error instanceof GraphQLError ? error : ({} as Partial<GraphQLError>);
  const place = { ...(locations && { locations: [...locations] }), ...(path && { path: [...path] }) };
  const cause = causeOf(error);
  // The library's own errors are about the document or its variables; those with a path are about an answer.
  if (cause instanceof GraphQLError && path === undefined)
    return { message: (error as GraphQLError).message, ...place, extensions: { code } };
  const entry = cause instanceof AppError ? errorEntry(cause.code) : undefined;
  if (!(cause instanceof AppError) || entry === undefined || entry.status === errorTable.internal.status) {
    log.error({ err: cause, correlation_id, path }, 'a part of an answer failed because of a fault');
    return { message: errorTable.internal.advice, ...place, extensions: { code: 'internal' } };
  }
  return { message: cause.message, ...place, extensions: { code: cause.code, ...detailsOf(cause) } };
}

/** What a resolver threw stands behind the error of the library. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError !== undefined ? causeOf(error.originalError) : error;
}

function detailsOf({ details }: AppError): Omit<GraphqlError['extensions'], 'code'> {
  const { errors, retry_after_s } = details;
  return {
    ...(typeof retry_after_s === 'number' && { retry_after_s: Math.max(1, Math.ceil(retry_after_s)) }),
    ...(Array.isArray(errors) && { errors: errors as { pointer: string; detail: string }[] }),
  };
}
