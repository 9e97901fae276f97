/**
 * A value that has to be read from another process (a database, a broker), shared by all readers. It is read
 * when it is wanted and not fresh, by one call whatever the number of readers, never for more than a small share of the
 * time, and no reader waits for it longer than a moment. What is too old is not reported: a stale value looks like a true one.
 */
import { doneWithin } from './deadline.ts';

export interface SampledOptions<T> {
  ask(): Promise<T>;
  /** Shortest time between two questions; default 5 s. */
  every_ms?: number;
  /** Largest share of the time spent asking: a question that took a second is asked again after 20. Default 0.05. */
  share_max?: number;
  /** Longest wait of a reader; default 1 s. */
  wait_ms?: number;
  /** How many questions in a row may fail before the last answer is too old; default 3. */
  misses_max?: number;
  /** A clock that only goes forward, in milliseconds; default `performance.now`. */
  now?: () => number;
}

export interface Sampled<T> {
  /** The answer, at most a few questions old; undefined when there is none. Never rejects. */
  read(): Promise<T | undefined>;
  /** Seconds since the last answer was asked for, or since this value exists. */
  age_s(): number;
}

/** A shared value; nothing is asked before the first `read`. */
export function createSampled<T>(options: SampledOptions<T>): Sampled<T> {
  const { ask, every_ms = 5_000, share_max = 0.05, wait_ms = 1_000, misses_max = 3, now = () => performance.now() } = options;
  let last: { value: T; asked_at: number } | undefined;
  let asking: { done: Promise<void>; started: number } | undefined;
  let interval_ms = every_ms;
  let next_at = Number.NEGATIVE_INFINITY;
  const made_at = now();

  const askOnce = async (started: number): Promise<void> => {
    try {
      last = { value: await ask(), asked_at: started };
    } catch {
      // The process that is read reports its own outage by log and metrics; here the value grows old.
    } finally {
      const ended = now();
      interval_ms = Math.max(every_ms, (ended - started) / share_max);
      next_at = ended + interval_ms;
      asking = undefined;
    }
  };
  const age_s = (): number => Math.max(0, now() - (last?.asked_at ?? made_at)) / 1_000;

  return {
    age_s,
    async read() {
      const started = now();
      if (started >= next_at && asking === undefined) asking = { done: askOnce(started), started };
      if (asking !== undefined) await doneWithin(asking.done, Math.max(0, asking.started + wait_ms - started));
      return last !== undefined && age_s() * 1_000 <= interval_ms * misses_max + wait_ms ? last.value : undefined;
    },
  };
}
