import { AppError } from '@souk/kernel';

/**
 * What to print of a failure: a refusal of Souk, of the command line or of the system (a file, a port) is a
 * sentence; anything else is a bug and shows where it happened.
 */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isWrongUsage = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (error instanceof AppError || isWrongUsage || 'syscall' in error) return error.message;
  // PostgreSQL's own refusal, such as of a disk that is full.
  if ('severity' in error) return `PostgreSQL: ${error.message}`;
  return error.stack ?? error.message;
}
