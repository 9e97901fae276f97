/** How long a start waits for a database: not long for one that is away, longer for one that is there and busy. */
import { AppError } from '@souk/kernel';
import { isUnavailable, sqlState } from './errors.ts';

const awayMaxMs = 30_000;
const busyMaxMs = 120_000;
/** Too many connections, a statement that took too long, a server that is starting. */
const busyStates = new Set(['53300', '57014', '57P03']);
/** Of the driver, which leaves a server that takes the connection and does not answer in time. */
const busySentences =
  /^(Connection terminated due to connection timeout|timeout exceeded when trying to connect|timeout expired|Query read timeout)/;

/** `isPassing` of a `retry` that waits for a database at a start: for 30 s whatever it lacks, for two minutes while it is only slow. */
export function startPatience(now: () => number = () => performance.now()): (error: unknown) => boolean {
  const began_ms = now();
  return (error) => isUnavailable(error) && now() - began_ms < (isBusy(error) ? busyMaxMs : awayMaxMs);
}

/** The server is there and was too slow. */
function isBusy(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return busyStates.has(state);
  const cause = error instanceof AppError ? error.cause : error;
  return cause instanceof Error && busySentences.test(cause.message);
}
