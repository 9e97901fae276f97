/** Bounds retries to a share of the requests, so that a failing service is not asked twice as much as a well one. */
export interface RetryBudget {
  /** To be called for each request. */
  deposit(): void;
  /** Whether one more retry is within the budget; takes it. */
  withdraw(): boolean;
}

export interface RetryBudgetOptions {
  /** Retries for each request, such as 0.2. */
  share_max: number;
  /** Retries that may be saved up, and what there is at the beginning. */
  saved_max: number;
}

export function createRetryBudget({ share_max, saved_max }: RetryBudgetOptions): RetryBudget {
  let saved = saved_max;
  return {
    deposit() {
      saved = Math.min(saved_max, saved + share_max);
    },
    withdraw() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
