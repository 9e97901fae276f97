/** How many requests of one caller may be under way at once: no single caller can hold all that the gateway has. */
import { refusal } from '@souk/contracts';

export interface CallerLimit {
  /** Takes a place; throws `rate_limited` when the caller has too many already. */
  enter(key: string): void;
  leave(key: string): void;
}

const retryAfterSeconds = 1;

export function createCallerLimit(requests_max: number): CallerLimit {
  const underWay = new Map<string, number>();
  return {
    enter(key) {
      const taken = underWay.get(key) ?? 0;
      if (taken >= requests_max)
        throw refusal('rate_limited', `At most ${requests_max} requests of one caller may be under way at once.`, {
          retry_after_s: retryAfterSeconds,
        });
      underWay.set(key, taken + 1);
    },
    leave(key) {
      const left = (underWay.get(key) ?? 0) - 1;
      if (left > 0) underWay.set(key, left);
      else underWay.delete(key);
    },
  };
}
