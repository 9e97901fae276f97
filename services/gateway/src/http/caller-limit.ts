/** How many requests of one caller may be under way at once: no single caller can hold all that the gateway has. */
import { refusal } from '@souk/contracts';

export interface CallerLimit {
  /** Takes a place; throws `rate_limited` when the caller has too many already. */
  enter(key: string): void;
  leave(key: string): void;
}

const retryAfterSeconds = 1;
/** Below this none is forgotten. */
const callersKept = 10_000;

export function createCallerLimit(requests_max: number): CallerLimit {
  // A caller stays here for a while with nothing under way: see LinkedList for what a map costs from which each request deletes.
  const underWay = new Map<string, number>();
  let forget_at = callersKept;
  const forgetIdle = (): void => {
    for (const [key, taken] of underWay) if (taken === 0) underWay.delete(key);
    forget_at = Math.max(callersKept, underWay.size * 2);
  };
  return {
    enter(key) {
      const taken = underWay.get(key) ?? 0;
      if (underWay.size >= forget_at) forgetIdle();
      if (taken >= requests_max)
        throw refusal('rate_limited', `At most ${requests_max} requests of one caller may be under way at once.`, {
          retry_after_s: retryAfterSeconds,
        });
      underWay.set(key, taken + 1);
    },
    leave(key) {
      const taken = underWay.get(key) ?? 0;
      if (taken > 0) underWay.set(key, taken - 1);
    },
  };
}
