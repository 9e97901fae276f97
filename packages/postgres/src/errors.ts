import { AppError } from '@souk/kernel';
import pg from 'pg';

/** The PostgreSQL error behind `error`, wherever in its chain of causes it is. */
function databaseError(error: unknown): pg.DatabaseError | undefined {
  for (let depth = 0, current = error; depth < 8 && current instanceof Error; depth += 1, current = current.cause) {
    if (current instanceof pg.DatabaseError) return current;
  }
  return undefined;
}

/** The five characters of SQLSTATE when PostgreSQL refused, also when the refusal is the cause of another error. */
export function sqlState(error: unknown): string | undefined {
  return databaseError(error)?.code;
}

/** The name of the constraint that was violated, such as `users_email_unique`. */
export function violatedConstraint(error: unknown): string | undefined {
  return databaseError(error)?.constraint;
}

/** Deadlock and serialisation failure: the same work, done again, can succeed. */
export function isRepeatable(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40P01' || state === '40001';
}

/** The connection is of no use any more: the next statement needs another one, perhaps to another server. */
export function endsConnection(error: unknown): boolean {
  return endingStates.test(sqlState(error) ?? '');
}

/** A prepared statement the server no longer has, or whose result changed its shape with the schema: a fresh connection cures it. */
export function isStaleStatement(error: unknown): boolean {
  const refusal = databaseError(error);
  return refusal?.code === '26000' || (refusal?.code === '0A000' && refusal.routine === 'RevalidateCachedQuery');
}

/**
 * Connection failures (08), lack of resources (53), operator intervention incl. time limits (57), deadlocks (40), idle in transaction,
 * and a server that only reads (25006): a primary that was demoted, or a standby that was promoted somewhere else.
 */
const passingStates = /^(08|53|57|40)|^(25P03|25006)$/;
/** The server ends the connection (57P01 to 57P05), or the connection leads to a server that cannot be written to any more. */
const endingStates = /^(08|57P0[1-5])|^25006$/;
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]);
const driverSentences = /^(Connection terminated|timeout e|Client (has encountered|was closed)|Query read timeout|Cannot use a pool)/;

/** True when the database could not do it now, whatever was asked. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'database_unavailable';
  if (!(error instanceof Error)) return false;
  const state = sqlState(error);
  if (state !== undefined) return passingStates.test(state);
  return networkCodes.has((error as NodeJS.ErrnoException).code ?? '') || driverSentences.test(error.message);
}

/** `error` itself, or `database_unavailable` with it as cause when the database is away. */
export function asKnownError(error: unknown): unknown {
  if (error instanceof AppError || !isUnavailable(error)) return error;
  return new AppError('database_unavailable', 'The database cannot answer now.', {}, error);
}
