/** When a request is made once more, and after how long. */
import type { Timing } from './timing.ts';

export const retriesDefault = 3;
const base_ms = 200;
const most_ms = 5_000;
/** Who asks for more patience gets the refusal instead. */
const retry_after_max_s = 30;
const budgetShare = 0.1;
const budgetMost = 10;

/** At most 10 % of the requests are repetitions, with ten to begin with: retries must not make an outage worse. */
export interface RetryBudget {
  onRequest(): void;
  take(): boolean;
}

/** A budget of its own for one client. */
export function createRetryBudget(): RetryBudget {
  let left = budgetMost;
  return {
    onRequest: () => {
      left = Math.min(budgetMost, left + budgetShare);
    },
    take: () => {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}

/** Whether a status says that the same request can succeed later. */
export function isPassingStatus(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/**
 * Milliseconds before the repetition number `retry` (from 0): full jitter over a time that doubles; after a `Retry-After` not
 * sooner than it says, and not for all at its end. Undefined when it says more than is waited for.
 */
export function repetitionDelayMs(timing: Timing, retry: number, retry_after_s: number | undefined): number | undefined {
  const jitter_ms = timing.random() * Math.min(most_ms, base_ms * 2 ** retry);
  if (retry_after_s === undefined) return jitter_ms;
  return retry_after_s > retry_after_max_s ? undefined : retry_after_s * 1_000 + jitter_ms;
}
