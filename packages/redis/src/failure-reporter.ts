import { AppError, type Log } from '@souk/kernel';

/**
 * Logs failures of a job that is repeated for ever. That Redis is away was said by the connection; anything else (no
 * memory left, no permission) is said once for each reason, until `worked`.
 */
export interface FailureReporter {
  failed(error: unknown): void;
  worked(): void;
}

export function createFailureReporter(log: Log, sentence: string): FailureReporter {
  let reported = '';
  return {
    failed(error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      const isAway = error instanceof AppError && error.code === 'redis_unavailable';
      if (isAway || reason === reported) log.debug({ err: error }, sentence);
      else log.warn({ err: error }, sentence);
      if (!isAway) reported = reason;
    },
    worked() {
      reported = '';
    },
  };
}
