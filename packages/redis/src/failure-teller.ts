import { AppError, type Log } from '@souk/kernel';

/**
 * Logs failures of a job that is repeated for ever. That Redis is away was said by the connection; anything else (no
 * memory left, no permission) is said once for each reason, until `worked`.
 */
export interface FailureTeller {
  failed(error: unknown): void;
  worked(): void;
}

export function createFailureTeller(log: Log, sentence: string): FailureTeller {
  let told = '';
  return {
    failed(error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      const isAway = error instanceof AppError && error.code === 'redis_unavailable';
      if (isAway || reason === told) log.debug({ err: error }, sentence);
      else log.warn({ err: error }, sentence);
      if (!isAway) told = reason;
    },
    worked() {
      told = '';
    },
  };
}
