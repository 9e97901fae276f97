/**
 * Notices a queue that holds messages and delivers none of them to a consumer that has nothing to do. It gets what is known
 * of the queue every few seconds; one poll proves nothing, because a delivery may be on its way.
 */
export interface StallDetector {
  delivered(): void;
  /** `ready` is undefined when the broker does not answer. Answers whether it is time to consume the queue anew. */
  polled(ready: number | undefined, idle: boolean): boolean;
  /** Consuming anew has not helped. */
  lasts(): boolean;
}

/** Looks in a row after which the queue is consumed anew. */
const pollsMax = 3;

export function createStallDetector(): StallDetector {
  let delivered_since_poll = true;
  let polls = 0;
  return {
    delivered() {
      delivered_since_poll = true;
      polls = 0;
    },
    polled(ready, idle) {
      const silent = ready === undefined || (ready > 0 && idle && !delivered_since_poll);
      delivered_since_poll = false;
      polls = silent ? polls + 1 : 0;
      return polls > 0 && polls % pollsMax === 0;
    },
    lasts: () => polls > pollsMax,
  };
}
