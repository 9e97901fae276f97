/**
 * Whether a failure means that the service's database is away for everybody, or that one message failed in it. The
 * first must not use up the attempts of messages, the second must, or a message that always times out would stop its queue.
 */
import { AppError } from '@souk/kernel';
import { isUnavailable, type Queryable, sqlState } from '@souk/postgres';

/** The server answers and can serve no query: disk full, no connection left, or it only reads. */
const awayForAllStates = new Set(['53100', '53300', '25006']);

/** Asks the database where the error alone does not say. Never rejects. */
export async function isDatabaseAway(db: Queryable, error: unknown): Promise<boolean> {
  if (!cannotServe(error)) return false;
  if (awayForAllStates.has(sqlState(error) ?? '')) return true;
  try {
    await db.query('select 1');
    return false;
  } catch (failure) {
    return cannotServe(failure);
  }
}

/** Away, or so many callers wait for a connection that no more are let in. */
function cannotServe(error: unknown): boolean {
  return isUnavailable(error) || (error instanceof AppError && error.code === 'overloaded');
}
