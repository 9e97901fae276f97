/**
 * Notices a queue that holds messages and delivers none of them to a consumer that has nothing to do. Told what is known
 * of the queue every few seconds; one look proves nothing, because a delivery may be on its way.
 */
export interface SilenceWatch {
  delivered(): void;
  /** `ready` is undefined when the broker does not answer. Answers whether it is time to consume the queue anew. */
  looked(ready: number | undefined, idle: boolean): boolean;
  /** Consuming anew has not helped. */
  lasts(): boolean;
}

/** Looks in a row after which the queue is consumed anew. */
const looksMax = 3;

export function createSilenceWatch(): SilenceWatch {
  let heard = true;
  let looks = 0;
  return {
    delivered() {
      heard = true;
      looks = 0;
    },
    looked(ready, idle) {
      const silent = ready === undefined || (ready > 0 && idle && !heard);
      heard = false;
      looks = silent ? looks + 1 : 0;
      return looks > 0 && looks % looksMax === 0;
    },
    lasts: () => looks > looksMax,
  };
}
