/** What this process is posting at this moment, and whether there are webhooks at all: a shop without them is asked nothing. */
export interface DeliveriesInFlight {
  /** False until a webhook was seen: then no job asks the database. */
  present: boolean;
  /** Begins work that is waited for at a stop. */
  start(work: (signal: AbortSignal) => Promise<void>): void;
  readonly under_way: number;
  /** Ends what is under way and waits for it. */
  stop(): Promise<void>;
}

export function createDeliveriesInFlight(): DeliveriesInFlight {
  const underWay = new Set<Promise<void>>();
  const stopped = new AbortController();
  return {
    present: false,
    start(work) {
      const request = work(stopped.signal).finally(() => underWay.delete(request));
      underWay.add(request);
    },
    get under_way() {
      return underWay.size;
    },
    async stop() {
      stopped.abort();
      await Promise.allSettled(underWay);
    },
  };
}
