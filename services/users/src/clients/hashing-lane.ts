/** Keeps password hashes from taking the whole machine: few at once, a short queue, then an honest 503. */
import { refusal } from '@souk/contracts';
import type { HashingLane } from '../domain/ports.ts';

export interface LaneLimits {
  running_max: number;
  waiting_max: number;
  wait_ms_max: number;
}

const retryAfterSeconds = 2;

export function createHashingLane({ running_max, waiting_max, wait_ms_max }: LaneLimits): HashingLane {
  const waiting = new Set<() => void>();
  let running = 0;

  const turn = (): Promise<void> => {
    if (running < running_max) {
      running += 1;
      return Promise.resolve();
    }
    if (waiting.size >= waiting_max) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(enter);
        reject(overloaded());
      }, wait_ms_max);
      waiting.add(enter);
    });
  };
  /** The place goes to who waited longest; with nobody there it becomes free. */
  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      running -= 1;
      return;
    }
    waiting.delete(next);
    next();
  };

  return {
    async run(work) {
      await turn();
      try {
        return await work();
      } finally {
        leave();
      }
    },
    load: () => ({ running, waiting: waiting.size }),
  };
}

function overloaded() {
  return refusal('overloaded', 'Too many people sign in at the moment.', { retry_after_s: retryAfterSeconds });
}
