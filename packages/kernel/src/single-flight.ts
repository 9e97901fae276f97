/**
 * One run of a piece of work at a time, however often it is asked for. Written by hand as `running ??= work()` with
 * `finally { running = undefined; }` this fails for work that ends or throws before its first wait: the field is
 * cleared first and assigned afterwards, and the settled promise stays there for ever.
 */

export interface SingleFlight<T> {
  /** Joins the run under way, or begins one. Rejects with what the work throws, also when it throws at once. */
  run(): Promise<T>;
  /**
   * Resolves with a run that begins after this call: for work that drains a list, where the run under way may already
   * have looked at it. However many callers ask meanwhile, it is one more run.
   */
  again(): Promise<T>;
  /** The last run that is under way or asked for. */
  current(): Promise<T> | undefined;
}

/** Makes a piece of work run once at a time. It begins in a later microtask than the call. */
export function createSingleFlight<T>(work: () => T | Promise<T>): SingleFlight<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;

  const run = (): Promise<T> => {
    running ??= Promise.resolve()
      .then(work)
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  const begin = (): Promise<T> => {
    next = undefined;
    return run();
  };

  return {
    run,
    again() {
      if (running === undefined) return run();
      next ??= running.then(begin, begin);
      return next;
    },
    current: () => next ?? running,
  };
}
