/** Trying again: pauses that grow, and what the pauses lie between. */
import { pause } from './pause.ts';

/** Exponential back-off with jitter (Brooker, "Exponential Backoff And Jitter", 2015): half of it fixed, half random; attempt 0 is the first. */
export function backoffMs(attempt: number, first_ms: number, most_ms: number, random: () => number = Math.random): number {
  const ceiling_ms = Math.min(most_ms, first_ms * 2 ** Math.min(attempt, 30));
  return Math.ceil(ceiling_ms / 2 + (random() * ceiling_ms) / 2);
}

export interface RetryOptions {
  /** First and longest pause between two attempts. */
  first_ms: number;
  most_ms: number;
  /** Most attempts, the first included; default without end. */
  attempts_max?: number;
  /** No attempt begins later than this after the first; default without end. */
  within_ms?: number;
  /** Whether it is worth another attempt; default always. */
  isPassing?(error: unknown): boolean;
  /** Called before each pause; attempt 0 is the first. What it throws is thrown instead. */
  failed?(error: unknown, attempt: number): unknown;
  /** No attempt begins after it. */
  signal?: AbortSignal;
}

/** Does the work until it succeeds. Throws what the last attempt has thrown. */
export async function retry<T>(
  work: () => Promise<T>,
  {
    first_ms,
    most_ms,
    attempts_max = Number.POSITIVE_INFINITY,
    within_ms = Number.POSITIVE_INFINITY,
    isPassing,
    failed,
    signal,
  }: RetryOptions,
): Promise<T> {
  const until_ms = performance.now() + within_ms;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isLast = attempt + 1 >= attempts_max || performance.now() >= until_ms || signal?.aborted === true;
      if (isLast || isPassing?.(error) === false) throw error;
      await failed?.(error, attempt);
      await pause(backoffMs(attempt, first_ms, most_ms), signal);
      if (signal?.aborted) throw error;
    }
  }
}

export interface KeepRunningOptions {
  /** First and longest pause between an end and the next beginning. */
  first_ms: number;
  most_ms: number;
  /** After a run of at least this length that ended without failing the pauses begin anew; default `most_ms`. */
  sound_after_ms?: number;
  /** A run has failed. */
  failed(error: unknown): unknown;
  /** No run begins after it. The work heeds it by itself. */
  signal: AbortSignal;
}

/** Keeps a connection, a loop or a child process going: begins it again whenever it ends or fails. Resolves with the signal; never rejects. */
export async function keepRunning(work: () => Promise<void>, options: KeepRunningOptions): Promise<void> {
  const { first_ms, most_ms, sound_after_ms = most_ms, failed, signal } = options;
  for (let ends = 0; !signal.aborted; ends += 1) {
    const started_ms = performance.now();
    try {
      await work();
      if (performance.now() - started_ms >= sound_after_ms) ends = 0;
    } catch (error) {
      failed(error);
    }
    await pause(backoffMs(ends, first_ms, most_ms), signal);
  }
}
