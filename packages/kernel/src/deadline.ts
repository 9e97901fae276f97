/** Waiting at most so long: the one place where work races with a timer. */

/** A wait took longer than allowed; whether the work was done is not known. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

export interface DeadlineOptions {
  /** The error of a wait that took too long; default `DeadlineExceeded`. */
  late?: (limit_ms: number) => Error;
  /**
   * The wait begins once more when the timer itself fires late: this process was held up, and the other side may have
   * answered long ago. Default false.
   */
  forgive_stall?: boolean;
}

/** A timer that fires this much too late says that the event loop was held up. */
const latenessMsMax = 5;

const exceeded = (limit_ms: number): Error => new DeadlineExceeded(`no answer within ${limit_ms} ms`);

/**
 * The outcome of `work`, or the error `late` after `limit_ms`. Work given as a function gets a signal that is aborted then,
 * with that error; a promise goes on, and how it ends is dropped. What arrived before the time was up counts, also when
 * this process had no time to read it.
 */
export function withDeadline<T>(
  work: Promise<T> | ((signal: AbortSignal) => Promise<T>),
  limit_ms: number,
  { late = exceeded, forgive_stall = false }: DeadlineOptions = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborter = typeof work === 'function' ? new AbortController() : undefined;
    let timer: NodeJS.Timeout;
    const end = (): void => {
      const error = late(limit_ms);
      reject(error);
      aborter?.abort(error);
    };
    const arm = (again: boolean): void => {
      const due_ms = performance.now() + limit_ms;
      timer = setTimeout(() => {
        if (again && performance.now() - due_ms > latenessMsMax) arm(false);
        // One turn of the event loop, in which what has arrived is read.
        else setImmediate(end);
      }, limit_ms);
    };
    arm(forgive_stall);
    // Inside a then, so that work that throws before its first wait fails like any other.
    const running = typeof work === 'function' ? Promise.resolve(aborter?.signal as AbortSignal).then(work) : work;
    running.then(
      (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/**
 * Whether `work` was done within `limit_ms`; false as well when the signal ends the wait. Rejects as the work does in
 * that time; how it ends later is dropped.
 */
export function doneWithin(work: Promise<unknown>, limit_ms: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      settled();
    };
    const giveUp = (): void => settle(() => resolve(false));
    const timer = setTimeout(giveUp, limit_ms);
    if (signal?.aborted) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
    work.then(
      () => settle(() => resolve(true)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
