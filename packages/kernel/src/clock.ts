/** The time source handed to everything that needs "now"; tests pass a clock they move by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** RFC 3339 in UTC with `Z`, milliseconds kept: the only form in which Souk writes a time. */
export function timestamp(epoch_ms: number): string {
  return new Date(epoch_ms).toISOString();
}

/**
 * Whether a text in the form that `timestamp` writes (any number of decimals) names an instant from the year 1 on. `Date.parse` alone takes
 * the 30th of February for the 2nd of March, and PostgreSQL refuses it.
 */
export function isInstant(text: string): boolean {
  const epoch_ms = Date.parse(text);
  const secondLength = 'YYYY-MM-DDThh:mm:ss'.length;
  return !Number.isNaN(epoch_ms) && !text.startsWith('0000') && timestamp(epoch_ms).slice(0, secondLength) === text.slice(0, secondLength);
}

/**
 * Seconds from one time to a later one (epoch milliseconds), for metrics. Clocks of two machines disagree and are set back
 * by their operators: what would be negative, or no number, is 0, and nothing lasts longer than a day.
 */
export function elapsedSeconds(from_ms: number, to_ms: number): number {
  const elapsed_ms = to_ms - from_ms;
  return elapsed_ms > 0 ? Math.min(elapsed_ms, elapsedMaxMs) / 1_000 : 0;
}

const elapsedMaxMs = 86_400_000;

/** A clock for tests: it stands still until `advance` is called. */
export interface ManualClock extends Clock {
  advance(by_ms: number): void;
}

/** A manual clock that shows `start_ms` (epoch milliseconds) until it is moved. */
export function manualClock(start_ms = Date.UTC(2026, 0, 1)): ManualClock {
  let now_ms = start_ms;
  return {
    now: () => now_ms,
    advance: (by_ms) => {
      now_ms += by_ms;
    },
  };
}
