/** A limiter (counting semaphore, "bulkhead"): few at once, a short queue of limited length and patience, and a refusal at once for the rest. */
import { AppError } from './app-error.ts';
import { createLinkedList } from './linked-list.ts';

export interface LimiterOptions {
  running_max: number;
  /** Most that wait; beyond it a call is refused at once. Default 0. */
  waiting_max?: number;
  /** Longest wait in milliseconds; default without end. */
  wait_ms_max?: number;
  /** The refusal; default `overloaded`. */
  overloaded?: () => Error;
}

export interface Limiter {
  /** Runs the work when there is a place for it. Rejects with the refusal, or as the work does. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Takes a place at once, or throws the refusal; the answer gives it back, and does nothing when called again. */
  take(): () => void;
  load(): { running: number; waiting: number };
}

const tooMany = (): Error => new AppError('overloaded', 'Too many calls are waiting; try again in a moment.');

/** A limiter whose places are all free. The caller that has waited longest gets the next one. */
export function createLimiter({ running_max, waiting_max = 0, wait_ms_max, overloaded = tooMany }: LimiterOptions): Limiter {
  const waiting = createLinkedList<() => void>();
  let running = 0;

  const enter = (): Promise<void> => {
    if (running < running_max) {
      running += 1;
      return Promise.resolve();
    }
    if (waiting.size >= waiting_max) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = (): void => {
        waiting.remove(place);
        reject(overloaded());
      };
      const timer = wait_ms_max === undefined ? undefined : setTimeout(giveUp, wait_ms_max);
      const place = waiting.add(begin);
    });
  };
  /** The place is handed on, so that a newcomer cannot take it before those that wait. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
    take() {
      if (running >= running_max) throw overloaded();
      running += 1;
      let taken = true;
      return () => {
        if (taken) leave();
        taken = false;
      };
    },
    load: () => ({ running, waiting: waiting.size }),
  };
}
